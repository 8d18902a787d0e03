#include "completion.hpp"

namespace streamwork::cli {

std::string bash_completion() {
  return R"bash(_streamwork() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]:-}
  local IFS=$'\n'
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W $'list\nstatus\ntop\ngraph\ntap\nrefused\nexperiment\ncheckpoints\nexceptions\nhistory\nlog\nsavepoint\nrescale\nstop\ncancel\ninspect\nnew\ncompletion\n--help\n--version' -- "$word"))
  elif [[ $before == --at ]]; then
    COMPREPLY=($(compgen -W "$(streamwork list 2>/dev/null | sed -n 's|.*http://[^ ]*:\([0-9]*\)$|\1|p')" -- "$word"))
  elif [[ $before == --token || $command == inspect ]]; then
    COMPREPLY=($(compgen -f -- "$word"))
  elif [[ $command == stop ]]; then
    COMPREPLY=($(compgen -W $'--drain\n--suspend\n--savepoint\n--at\n--job\n--token\n--json' -- "$word"))
  elif [[ ($command == tap || $command == refused || $command == rescale || $command == status) && $word != -* ]]; then
    local vertex vertices
    vertices=$(streamwork graph 2>/dev/null | sed -n 's|^\([^ ].*\)  (.*|\1|p')
    COMPREPLY=()
    for vertex in $(compgen -W "$vertices" -- "$word"); do COMPREPLY+=("$(printf %q "$vertex")"); done
  elif [[ $command == experiment && $word != -* ]]; then
    local name names
    names=$(streamwork experiment 2>/dev/null | sed -n 's|  (under way.*||; /^[^ ]/p')
    COMPREPLY=()
    for name in $(compgen -W "$names" -- "$word"); do COMPREPLY+=("$(printf %q "$name")"); done
  elif [[ $command == experiment ]]; then
    COMPREPLY=($(compgen -W $'--undo\n--at\n--job\n--token\n--json' -- "$word"))
  else
    COMPREPLY=($(compgen -W $'--at\n--job\n--token\n--json\n--once' -- "$word"))
  fi
}
complete -F _streamwork streamwork
)bash";
}

}  // namespace streamwork::cli
