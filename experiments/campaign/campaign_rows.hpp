#pragma once

#include "experiments/campaign/campaign.hpp"
#include "experiments/runs/session.hpp"

namespace skein::experiments {

/// Makes the rows of a campaign that are missing and says what troubles there were. Throws as `Campaign::run` does, and
/// FormatError when rows are left because of a trouble outside them.
CampaignOutcome make_campaign_rows(Campaign& campaign, const CampaignFolder& folder, const CampaignWork& work,
                                   const RunAbout& about, const Session& session);

}  // namespace skein::experiments
