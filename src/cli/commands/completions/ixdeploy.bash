# Completion of ixdeploy. Words are handed over as they are typed, and answers are taken as they are: nothing in either is expanded.
_ixdeploy() {
    local words=() at answer
    for ((at = 0; at < COMP_CWORD; at++)); do
        # bash cuts `--limit=a` at the `=`.
        if [[ ${COMP_WORDS[at]} == = && ${COMP_WORDS[at - 1]} == --* ]]; then continue; fi
        words+=("${COMP_WORDS[at]}")
    done
    COMPREPLY=()
    while IFS= read -r answer || [[ -n $answer ]]; do
        COMPREPLY+=("$answer")
    done < <(
        IXDEPLOY_COMPLETE=bash _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=${#words[@]} ixdeploy -- "${words[@]}" "$2" 2>/dev/null
    )
    if [[ ${COMPREPLY[0]-} == */ ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o nosort -F _ixdeploy ixdeploy 2>/dev/null || complete -F _ixdeploy ixdeploy
