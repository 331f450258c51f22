/**
 * What shells are given so that they complete: a few lines that ask `grantlog __complete` for what
 * fits, with the words so far and the one at the cursor last.
 */

const BASH = `# bash completion for grantlog:  source <(grantlog completion bash)
_grantlog() {
  local line="\${COMP_LINE:0:COMP_POINT}" words=() current=''
  read -ra words <<< "$line"
  if [[ "$line" != *[[:space:]] ]]; then
    current="\${words[\${#words[@]}-1]}"
    unset 'words[\${#words[@]}-1]'
  fi
  # Bash splits words at colons, so what is before the last one stands there already.
  local known=''
  if [[ "$current" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then known="\${current%:*}:"; fi
  local candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    COMPREPLY+=("\${candidate#"$known"}")
  done < <(grantlog __complete "\${words[@]:1}" "$current" 2> /dev/null)
}
complete -o default -F _grantlog grantlog
`

const ZSH = `#compdef grantlog
# zsh completion for grantlog: put it as _grantlog into a folder of $fpath, or source it.
_grantlog() {
  local -a candidates
  candidates=(\${(f)"$(grantlog __complete "\${(@)words[2,CURRENT]}" 2> /dev/null)"})
  if (( \${#candidates} )); then
    compadd -a candidates
  else
    _files
  fi
}
if [ "$funcstack[1]" = "_grantlog" ]; then
  _grantlog "$@"
else
  compdef _grantlog grantlog
fi
`

const FISH = `# fish completion for grantlog:  grantlog completion fish | source
function __grantlog_complete
    set -l words (commandline -opc)
    grantlog __complete $words[2..-1] (commandline -ct) 2> /dev/null
end
complete -c grantlog -n 'test (count (__grantlog_complete)) -gt 0' -f -a '(__grantlog_complete)'
`

export const SHELLS = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof SHELLS)[number]

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH }
