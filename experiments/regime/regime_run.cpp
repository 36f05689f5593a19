#include "experiments/regime/regime_run.hpp"

#include <algorithm>

#include "experiments/campaign/campaign_rows.hpp"
#include "experiments/regime/regime_files.hpp"
#include "experiments/runs/run_folder.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

void make_rows(Campaign& campaign, const fs::path& run, const RegimeWork& work, const Session& session) {
  const CampaignFolder folder(run);
  campaign.use_contents(folder.join(campaign.request(), campaign.context().contents,
                                    campaign.plan().rows.size(), session, work.mixed));
  if (folder.is_done() && std::ranges::count(campaign.finished(), 0) == 0) return;
  if (folder.is_done()) folder.reopen();  // rows lack a measure, or are gone
  const RunAbout about{"regime", campaign.request().settings.budget, shell_text(session.arguments()), 0, 0,
                       true};
  make_campaign_rows(campaign, folder, {}, about, session);
}

}  // namespace

std::vector<RegimeFinding> run_regime(const RegimeSettings& settings, const fs::path& run,
                                      const RegimeWork& work, const Session& session) {
  Campaign campaign(regime_request(settings), run);
  if (work.make) {
    session.say("regime: " + std::to_string(campaign.plan().rows.size()) + " networks of " +
                std::to_string(campaign.targets().size()) + " targets");
    make_rows(campaign, run, work, session);
  } else {
    read_campaign_record(run);
  }
  auto findings = analyse_regime(regime_targets(campaign), settings.measure, {.seed = settings.first_seed},
                                 session.listener());
  write_regime(run, findings, settings);
  return findings;
}

}  // namespace skein::experiments
