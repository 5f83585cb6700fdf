use minijinja::context;

use crate::inventory::SourceFile;
use crate::message::Lang;
use crate::playbook::template::Templates;

/// The result of a template with the variables `v`, a text, and `l`, a list: its lines, or the finding.
fn rendered(text: &str) -> Result<String, String> {
    let files = vec![("t.ix.j2".to_owned(), SourceFile::new("t.ix.j2", text))];
    let templates = Templates::compile(files, 1, &["v", "l"])
        .map_err(|found| found.iter().map(|one| one.render(Lang::En)).collect::<String>())?;
    let lines =
        templates.render(&context! { v => "value", l => ["a", "b", "c"] }).map_err(|found| found.render(Lang::En))?;
    Ok(lines.iter().map(|line| format!("{}\n", line.text())).collect())
}

#[test]
fn a_template_whose_output_explodes_is_an_error_with_its_place() {
    let doublings =
        |step: &str| format!("{{% set x = \"{}\" %}}\n{}{{{{ x }}}}\n", "x".repeat(64), format!("{step}\n").repeat(40));
    let in_loop = |body: &str| {
        format!(
            "{{% set n = namespace(x=\"xxxxxxxx\", l=[1]) %}}\n{{% for i in range(100000) %}}\n{body}\n{{% endfor %}}\n"
        )
    };
    for (what, text) in [
        ("joined", doublings("{% set x = x ~ x %}")),
        ("added", doublings("{% set x = x + x %}")),
        ("joined in one expression", doublings("{% set x = x ~ x ~ x ~ x ~ (x ~ x) %}")),
        ("times", "{{ \"x\" * 100000000 }}\n".to_owned()),
        ("times in front", "{{ 99999999 * \"x\" }}\n".to_owned()),
        ("a list times", "{{ ([\"x\"] * 100000000) | length }}\n".to_owned()),
        ("replaced", doublings("{% set x = x | replace(\"x\", x) %}")),
        ("joined with itself", doublings("{% set x = [x, x] | join(x) %}")),
        ("joined by name", doublings("{% set x = [x, x] | join(d=x) %}")),
        ("caught", doublings("{% set x %}{{ x }}{{ x }}{% endset %}")),
        ("a block through a filter", doublings("{% set x %}{% filter replace(\"x\", \"xxxx\") %}{{ x }}{% endfilter %}{% endset %}")),
        ("with", format!("{}{{{{ y | length }}}}{}\n", "{% with y = (y | default(\"xxxxxxxx\")) ~ (y | default(\"x\")) %}".repeat(40), "{% endwith %}".repeat(40))),
        ("formatted", "{{ \"%1000000000s\" | format(v) }}\n".to_owned()),
        ("formatted precisely", "{{ \"%.1000000000f\" | format(1.5) }}\n".to_owned()),
        ("indented", "{{ \"a\nb\" | indent(1000000000) }}\n".to_owned()),
        ("in batches", "{{ l | batch(1000000000, \"x\") | list | length }}\n".to_owned()),
        ("in slices", "{{ l | slice(1000000000) | list | length }}\n".to_owned()),
        ("lists added", doublings("{% set x = [x] + [x] %}{% set x = x + x %}")),
        ("a list that grows", in_loop("{% set n.l = n.l + n.l %}")),
        ("lists in lists", in_loop("{% set n.l = [n.l] %}")),
        ("tuples in tuples", in_loop("{% set n.l = (n.l, 1) %}")),
        ("maps in maps", in_loop("{% set n.l = {\"a\": n.l} %}")),
        ("a name space that grows", in_loop("{% set n.x = n.x ~ n.x %}")),
        ("text in a loop", format!("{{% set x %}}\n{{% for i in range(100000) %}}\n{}\n{{% endfor %}}\n{{% endset %}}\n", "x".repeat(10_000))),
        ("text in loops", format!("{0}{0}{1}\n{2}{2}", "{% for i in range(1000) %}", "x".repeat(1000), "{% endfor %}")),
        ("printed in a loop", format!("{{% set x = \"{}\" %}}{{% for i in range(100000) %}}{{{{ x }}}}{{% endfor %}}\n", "x".repeat(1000))),
        ("mapped", "{{ range(100000) | map(\"format\", \"x\") | list | length }}{{ (range(100000) | map(\"string\") | list) | map(\"replace\", \"1\", \"%s\" | format(\"x\" * 10000)) | list | length }}\n".to_owned()),
        ("a macro that calls itself", "{% macro m(x) %}{{ m(x ~ x) }}{% endmacro %}{{ m(\"xxxxxxxx\") }}\n".to_owned()),
        ("included without end", "{% include \"t.ix.j2\" %}\n".to_owned()),
        ("a recursive loop", "{% for x in l recursive %}{{ loop(l) }}{% endfor %}\n".to_owned()),
        ("minus signs", format!("{{{{ {}1 }}}}\n", "-".repeat(20_000))),
        ("nots", format!("{{% if {}true %}}x{{% endif %}}\n", "not ".repeat(20_000))),
        ("brackets", format!("{{{{ {}1{} }}}}\n", "(".repeat(20_000), ")".repeat(20_000))),
        ("lists", format!("{{{{ {}1{} }}}}\n", "[".repeat(20_000), "]".repeat(20_000))),
        ("subscripts", format!("{{{{ v{} }}}}\n", "[0]".repeat(20_000))),
        ("subscripts in a list", format!("{{{{ [v{}] }}}}\n", "[0]".repeat(20_000))),
        ("attributes", format!("{{{{ v{} }}}}\n", ".a".repeat(20_000))),
        ("filters", format!("{{{{ v{} }}}}\n", "|upper".repeat(20_000))),
        ("a chain", format!("{{{{ v{} }}}}\n", " ~ v".repeat(20_000))),
        ("conditions", format!("{{{{ v{} }}}}\n", " if v else v".repeat(20_000))),
        ("blocks in blocks", format!("{}x{}\n", "{% if v %}".repeat(20_000), "{% endif %}".repeat(20_000))),
        ("elif behind elif", format!("{{% if v %}}x{}{{% endif %}}\n", "{% elif v %}y".repeat(20_000))),
    ] {
        let found = rendered(&text).expect_err(what);
        assert!(found.contains("error[template.") && found.contains("--> t.ix.j2:"), "{what}: {found}");
    }
}

#[test]
fn guards_change_nothing_that_is_within_bounds() {
    for (text, expected) in [
        ("a {{ v ~ \"-\" ~ (1 + 2) * 3 }}\n", "a value-9\n"),
        ("{{ -(1 + 2) ** 2 }} {{ 7 // 2 + 1 }}\n", "9 4\n"),
        ("{{ (v ~ v) | upper | replace(\"VALUE\", \"x\") }}\n", "xx\n"),
        ("{% for a in l + [\"d\"] if a != \"b\" %}\n{{ loop.index }}{{ a }}\n{% endfor %}\n", "1a\n2c\n3d\n"),
        ("{% if v in (\"value\", \"x\") and v in [\"value\"] and not v is undefined %}\ny\n{% endif %}\n", "y\n"),
        (
            "{{ l | join(\" \") }} {{ l | join(d=\"/\") }} {{ l[1:] | join(\"\") }} {{ (l | first) }}\n",
            "a b c a/b/c bc a\n",
        ),
        ("{{ \"%-3s|%d\" | format(\"x\", 5) }}\n", "x  |5\n"),
        (
            "{% macro m(a, b=[1, 2]) %}{{ a }}{{ b | length }}{% endmacro %}\n{{ m(v) ~ m(\"x\", b=[]) }}\n",
            "value2x0\n",
        ),
        (
            "{% set a, b = (1, 2) %}\n{% set c = {\"k\": [1, 2]} %}\n{{ a }}{{ b }}{{ c.k[1] }}{{ c[\"k\"] | length }}\n",
            "1222\n",
        ),
        ("{% set x %}\nq {{ v }}\n{% endset %}\n{{ x | trim }}\n", "q value\n"),
        ("{% call(x) m2() %}{{ x }}{% endcall %}{% macro m2() %}{{ caller(\"in\") }}{% endmacro %}\n", ""),
        ("{{ l | batch(2) | list | length }}{{ range(3) | list | length }}{{ dict(a=1).a }}\n", "231\n"),
        ("{{ \"x\" if v else \"y\" ~ \"z\" }} {{ l | map(\"upper\") | join }}\n", "x ABC\n"),
    ] {
        match rendered(text) {
            Ok(lines) => assert_eq!(lines, expected, "{text}"),
            Err(found) => assert!(expected.is_empty(), "{text}: {found}"),
        }
    }
}

#[test]
fn a_finding_points_behind_the_guards_on_its_line() {
    let found = rendered("a {{ (v ~ v) | upper }} {{ nothing_of(v) }}\n").unwrap_err();
    assert!(found.contains("t.ix.j2:1:"), "{found}");
    let found = rendered("a {{ (v ~ v) | upper }} {{ v | nothing }}\n").unwrap_err();
    assert!(found.contains("t.ix.j2:1:32") && found.contains("                                ^^^^^^^"), "{found}");
}
