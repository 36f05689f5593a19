#include "experiments/campaign/slurm.hpp"
#include "experiments/campaign/slurm_queue.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

/// What follows the lines that differ from array to array. skein is stopped by SIGINT: Slurm itself sends SIGTERM to
/// every process of a job that it ends, and skein takes a second signal of one kind for impatience. `scontrol requeue`
/// takes JOB_TASK: the number alone would put back every task of the array.
constexpr const char* script_body = R"sh(
why=
trap 'why=${why:-limit}' USR1
trap 'why=${why:-stopped}' TERM
job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
node=${SLURMD_NODENAME:-$(hostname)}
events=$run/slurm/events/$job.jsonl
mkdir -p "$run/slurm/events" "$run/slurm/deaths"
note() { printf '{"job":"%s","event":"%s","node":"%s","at":%d}\n' "$job" "$1" "$node" "$(date +%s)" >> "$events"; }
noted() { grep -c "\"event\":\"$1" "$events"; }
come_back() {
  for again in 1 2 3 4 5; do
    scontrol requeue "$job" && { sleep 60; exit "$code"; }  # it is ended meanwhile
    sleep "$again"                                          # Slurm may be busy
  done
}

# Whoever is here again though it did not ask for it was preempted, or its node failed.
case $(tail -n 1 "$events" 2> /dev/null) in *'"event":"start"'* | *'"event":"stopped"'*) note 'put back' ;; esac
note start

"${command[@]}" --rows "$chunk" --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet &
child=$!
begun=$SECONDS
told=
while
  if [ -n "$why" ] && [ -z "$told" ]; then
    while [ $((SECONDS - begun)) -lt 2 ]; do sleep 0.5; done  # it listens once it has started
    kill -INT "$child" 2> /dev/null
    told=yes
  fi
  wait "$child"
  code=$?
  kill -0 "$child" 2> /dev/null
do :; done

if [ "$code" -eq 0 ]; then note 'done'
elif [ "$why" = limit ]; then
  note 'time limit'
  come_back
elif [ "$why" = stopped ]; then note stopped
elif [ "$code" -gt 128 ]; then
  echo "$node $child signal $((code - 128))" >> "$run/slurm/deaths/$job"
  note "ended by signal $((code - 128))"
  [ "$(noted 'ended by signal')" -lt $((3 * $(wc -l < "$chunk"))) ] && come_back
else
  note "failed with code $code"
  [ "$(noted 'failed with')" -le 3 ] && come_back
fi
exit "$code"
)sh";

}  // namespace

std::string slurm_script(const fs::path& run, const fs::path& chunks, const SlurmOptions& options) {
  std::string command;
  for (const std::string& word : options.command) command += " " + shell_word(word);
  const std::string folder = fs::absolute(chunks).string();
  return "#!/usr/bin/env bash\n"
         "#SBATCH --job-name=skein\n"
         "#SBATCH --ntasks=1\n"
         "#SBATCH --open-mode=append\n"
         "#SBATCH --requeue\n"
         "#SBATCH --signal=B:USR1@30\n"
         "#SBATCH --output=\"" +
         folder +
         "/log-%a.txt\"\n"
         "# One chunk of a skein campaign. Before its time limit it checkpoints and goes back to the queue; "
         "when\n"
         "# Slurm ends it, it checkpoints; an end by any other signal is noted for those who take over.\n"
         "run=" +
         shell_word(fs::absolute(run).string()) + "\nchunk=" + shell_word(folder) +
         "/$SLURM_ARRAY_TASK_ID\ncommand=(" + command.substr(command.empty() ? 0 : 1) + ")" + script_body;
}

}  // namespace skein::experiments
