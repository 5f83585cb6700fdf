# Completion of ixdeploy. The words are handed over as they are typed: nothing in them is evaluated.
Register-ArgumentCompleter -Native -CommandName ixdeploy -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @()
    $isInside = $false
    foreach ($element in $commandAst.CommandElements) {
        $start = $element.Extent.StartOffset
        if ($start -ge $cursorPosition) { break }
        $isInside = $element.Extent.EndOffset -ge $cursorPosition
        if ($isInside) {
            $words += $element.Extent.Text.Substring(0, $cursorPosition - $start)
        } elseif ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $words += $element.Value
        } else {
            $words += $element.Extent.Text
        }
    }
    if (-not $isInside) { $words += '' }

    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $env:IXDEPLOY_COMPLETE = 'powershell'
        $env:IXDEPLOY_COMPLETE_WORDS = $words -join "`n"
        $answer = @(& ixdeploy)
    } finally {
        Remove-Item Env:IXDEPLOY_COMPLETE, Env:IXDEPLOY_COMPLETE_WORDS
        [Console]::OutputEncoding = $encoding
    }
    foreach ($line in $answer) {
        $value, $help = $line.Split("`t", 2)
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
    }
}
