#include "experiments/campaign/campaign_rows.hpp"

#include <string>

#include "lib/base/error.hpp"

namespace skein::experiments {

CampaignOutcome make_campaign_rows(Campaign& campaign, const CampaignFolder& folder, const CampaignWork& work,
                                   const RunAbout& about, const Session& session) {
  CampaignOutcome outcome = campaign.run(folder, work, about, session.listener());
  for (const RowTrouble& trouble : outcome.troubles)
    session.say("trouble: " + id_of(trouble.key) + ": " + trouble.cause);
  if (!outcome.troubles.empty() && !outcome.complete)
    throw FormatError(id_of(outcome.troubles.front().key) + ": " + outcome.troubles.front().cause + "; " +
                      std::to_string(outcome.rows - outcome.done) +
                      " rows are left, the same command goes on");
  return outcome;
}

}  // namespace skein::experiments
