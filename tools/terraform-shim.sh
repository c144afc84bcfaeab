#!/bin/sh
# Stands where Terragrunt expects Terraform (TG_TF_PATH), once for each process that it starts.
#
# It ends in exec, so the pid it notes is Terraform's own: an interrupt goes there and nowhere else,
# because Terragrunt forwards a signal only after 15 s and kills after 30 s.
# https://github.com/gruntwork-io/terragrunt/issues/4839
#
#   PLATFORM_TERRAFORM   the real binary
#   PLATFORM_UNIT_DIR    private folder of the unit in the run record
#   PLATFORM_STOP_FILE   while it exists nothing is started
#   PLATFORM_PHASE       name of this phase's output files
#   PLATFORM_INPUTS      digest that a saved plan was made with; empty: any
#   PLATFORM_AHEAD       list of `answer file, tab, folder of a dependency`: outputs as they will be
set -u
# The record is private; what Terraform makes elsewhere has the permissions that it always has.
theirs=$(umask)
umask 077

command=
for argument in "$@"; do
  case $argument in
    -*) ;;
    *) command=$argument; break ;;
  esac
done
# Terragrunt asks for the version once per run.
if [ -z "$command" ]; then
  umask "$theirs"
  exec "$PLATFORM_TERRAFORM" "$@"
fi

# A dependency that this unit is planned ahead of: its outputs are answered as its own plan makes
# them. Terragrunt asks in the dependency's folder, or in a working folder below it.
if [ -n "${PLATFORM_AHEAD:-}" ] && { [ "$command" = init ] || [ "$command" = output ]; }; then
  here=$(pwd -P)
  while IFS='	' read -r answer folder; do
    case $here/ in
      "$folder"/ | "$folder"/.terragrunt-cache/*)
        if [ "$command" = output ]; then
          echo "$answer" >>"$PLATFORM_UNIT_DIR/$PLATFORM_PHASE.answered"
          cat "$answer"
        fi
        exit 0
        ;;
    esac
  done <"$PLATFORM_AHEAD"
fi

# Pid first, stop file second: whoever makes the stop file and then reads the pids misses nobody.
echo "$$" >>"$PLATFORM_UNIT_DIR/$PLATFORM_PHASE.pids"
if [ -e "$PLATFORM_STOP_FILE" ]; then
  echo "platform: stopped before terraform $command" >&2
  exit 130
fi

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi
}

# All that Terragrunt hands to Terraform: inputs, extra arguments, the files it generated here, and
# the providers that the lock file allows. awk's ENVIRON keeps values with line ends whole, which
# `env` does not.
digest() {
  {
    awk 'BEGIN {
      for (name in ENVIRON) if (name ~ /^TF_(VAR_|CLI_ARGS|WORKSPACE$)/) {
        value = ENVIRON[name]
        gsub(/\\/, "\\\\", value)
        gsub(/\n/, "\\n", value)
        print name "=" value
      }
    }' | LC_ALL=C sort
    for file in ./*.tf ./*.tf.json ./*.tfvars ./*.tfvars.json ./.terraform.lock.hcl; do
      if [ -f "$file" ]; then echo "$file"; cat "$file"; fi
    done
  } | sha256 | cut -d ' ' -f 1
}

case $command in
  plan | apply)
    inputs=$(digest)
    own=$PLATFORM_UNIT_DIR/$PLATFORM_PHASE
    pwd >"$PLATFORM_UNIT_DIR/workdir"
    if [ "$command" = plan ]; then
      echo "$inputs" >"$own.inputs"
      # What the plan is made on, asked of the same backend with the same credentials. It holds
      # secrets: whoever reads it removes it.
      if "$PLATFORM_TERRAFORM" state pull >"$own.state.part" 2>/dev/null; then
        mv "$own.state.part" "$own.state"
      else
        rm -f "$own.state.part"
      fi
    elif [ -n "${PLATFORM_INPUTS:-}" ] && [ "$inputs" != "$PLATFORM_INPUTS" ]; then
      echo "platform: the inputs are not the ones that were planned" >&2
      exit 3
    fi
    : >>"$own.jsonl"
    : >>"$own.stderr"
    umask "$theirs"
    # Into files: a pipe that breaks would end Terraform with the lock left behind.
    exec "$PLATFORM_TERRAFORM" "$@" >>"$own.jsonl" 2>>"$own.stderr"
    ;;
esac
umask "$theirs"
exec "$PLATFORM_TERRAFORM" "$@"
