#!/usr/bin/env python3
"""What ixdeploy is made of: a software bill of materials (CycloneDX 1.5, JSON), and the licences of all of it with their texts.

    packaging/dependencies.py --target TRIPLE [--target TRIPLE] --bom FILE --licences FILE

Read from what Cargo resolves (`cargo metadata --locked`) for these targets: what is linked, and what builds it. Libraries in C that a crate
brings along, and what the compiler adds, are listed too. Ends with an error where a crate has no licence, one that is not listed here, or one whose
text is nowhere; and where a crate links a library that is not described here. Files depend on their input and SOURCE_DATE_EPOCH alone.
Needs Python 3.11 and nothing else.
"""

import argparse
import datetime
import html
import json
import os
import re
import subprocess
import sys
import tomllib
import uuid
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "packaging" / "texts"

# Licences by their SPDX names. One that is not here is looked at by a person first.
KNOWN = {
    "0BSD", "Apache-2.0", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "GPL-3.0-only", "ISC", "LGPL-2.1-or-later",
    "LLVM-exception", "MIT", "MPL-2.0", "Unicode-3.0", "Unlicense", "Zlib", "blessing",
}
# How a crate calls the files that hold its licence.
LICENCE_FILE = re.compile(r"(un)?licen[cs]e|copying|notice|copyright", re.IGNORECASE)


@dataclass
class Bundled:
    """A library in C whose source is inside a crate."""

    name: str
    licence: str
    text: str
    # The file that says its version, and how; without one the crate's own version says it, behind `+`.
    version_in: tuple[str, str] | None = None
    # Only so many lines of the file are the licence.
    lines: int | None = None


# By the crate that links a library. `None`: it links what another crate here brings, or only its own code.
BUNDLED = {
    "libsqlite3-sys": Bundled(
        "SQLite", "blessing", "sqlite3/sqlite3.h", ("sqlite3/sqlite3.h", r'#define SQLITE_VERSION\s+"([^"]+)"'), 11
    ),
    "libssh2-sys": Bundled(
        "libssh2", "BSD-3-Clause", "libssh2/COPYING", ("libssh2/include/libssh2.h", r'#define LIBSSH2_VERSION\s+"([^"]+)"')
    ),
    "libz-sys": Bundled("zlib", "Zlib", "src/zlib/LICENSE", ("src/zlib/zlib.h", r'#define ZLIB_VERSION\s+"([^"]+)"')),
    "openssl-src": Bundled("OpenSSL", "Apache-2.0", "openssl/LICENSE.txt"),
    "openssl-sys": None,
    "ring": None,
}
# What a toolchain adds to the program, where Debian's own copy of it says its licence.
RUNTIMES = {
    "x86_64-unknown-linux-musl": [("musl", ["/usr/share/doc/musl-dev/copyright", "/usr/share/doc/musl/copyright"])],
    "x86_64-pc-windows-gnu": [
        ("mingw-w64", ["/usr/share/doc/mingw-w64-x86-64-dev/copyright"]),
        ("libgcc", ["/usr/share/doc/gcc-mingw-w64-base/copyright"]),
    ],
}


@dataclass
class Part:
    """One thing that the program is made of."""

    name: str
    version: str
    licence: str
    ref: str
    is_linked: bool
    texts: list[str]
    purl: str | None = None
    checksum: str | None = None
    needs: set[str] = field(default_factory=set)


class Wrong(Exception):
    """Why there can be no release."""


def main() -> int:
    parser = argparse.ArgumentParser(description="the bill of materials of ixdeploy, and the licences of all of it")
    parser.add_argument("--target", action="append", required=True, help="what it is built for; may be given several times")
    parser.add_argument("--bom", type=Path, required=True)
    parser.add_argument("--licences", type=Path, required=True)
    options = parser.parse_args()
    try:
        parts, root = crates(options.target)
        left_out = runtimes(parts, root, options.target)
        options.bom.write_text(bom(parts, root), encoding="utf-8")
        options.licences.write_text(licences(parts, root), encoding="utf-8")
    except Wrong as wrong:
        print(f"packaging/dependencies.py: {wrong}", file=sys.stderr)
        return 1
    for what in left_out:
        print(f"left out: {what}")
    return 0


def crates(targets: list[str]) -> tuple[dict[str, Part], Part]:
    """Every crate that is linked, or that builds one, by its reference; and the program itself."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    for target in targets:
        command += ["--filter-platform", target]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in told["packages"]}
    nodes = {node["id"]: node for node in told["resolve"]["nodes"]}
    root = next(id for id, package in packages.items() if package["name"] == "ixdeploy")
    sums = checksums()

    linked, built = reach(root, nodes, packages, {None}), reach(root, nodes, packages, {None, "build"})
    parts: dict[str, Part] = {}
    refs = {}
    for id in sorted(built, key=lambda id: (packages[id]["name"], packages[id]["version"])):
        package = packages[id]
        part = crate(package, id in linked, sums)
        refs[id] = part.ref
        parts[part.ref] = part
        if package.get("links") and package["name"] not in BUNDLED:
            raise Wrong(f"{package['name']} links `{package['links']}`, which is not described here")
        if (bundled := BUNDLED.get(package["name"])) is not None:
            inner = library(bundled, package)
            parts[inner.ref] = inner
            part.needs.add(inner.ref)
    for id in built:
        needs = (dep["pkg"] for dep in nodes[id]["deps"] if kinds(dep) & {None, "build"})
        parts[refs[id]].needs.update(refs[other] for other in needs if other in refs)
    return parts, parts[refs[root]]


def kinds(dep: dict) -> set[str | None]:
    return {kind["kind"] for kind in dep["dep_kinds"]}


def reach(root: str, nodes: dict, packages: dict, wanted: set[str | None]) -> set[str]:
    """What the root needs. A procedural macro is no part of what is linked, and what it needs is none either."""
    seen, waiting = set(), [root]
    while waiting:
        id = waiting.pop()
        is_macro = any("proc-macro" in target["kind"] for target in packages[id]["targets"])
        if id in seen or (is_macro and "build" not in wanted):
            continue
        seen.add(id)
        waiting += [dep["pkg"] for dep in nodes[id]["deps"] if kinds(dep) & wanted]
    return seen


def checksums() -> dict[tuple[str, str], str]:
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))
    return {(p["name"], p["version"]): p["checksum"] for p in lock["package"] if "checksum" in p}


def crate(package: dict, is_linked: bool, sums: dict[tuple[str, str], str]) -> Part:
    name, version = package["name"], package["version"]
    folder = Path(package["manifest_path"]).parent
    is_ours = package["source"] is None
    licence = expression(name, package.get("license"))
    files = sorted(path for path in folder.iterdir() if path.is_file() and LICENCE_FILE.match(path.name))
    if is_ours:
        files = [ROOT / "LICENSE"]
    texts = [read(path) for path in files] or [standard(name, licence)]
    purl = None if is_ours else f"pkg:cargo/{name}@{version.replace('+', '%2B')}"
    return Part(name, version, licence, purl or f"{name}@{version}", is_linked, texts, purl, sums.get((name, version)))


def expression(name: str, licence: str | None) -> str:
    """A licence as SPDX writes it: older crates put `/` for `OR`."""
    if not licence:
        raise Wrong(f"{name} does not say its licence")
    licence = re.sub(r"\s*/\s*", " OR ", licence)
    for one in re.findall(r"[A-Za-z0-9.-]+", licence):
        if one not in KNOWN | {"OR", "AND", "WITH"}:
            raise Wrong(f"{name}: `{one}` is a licence that is not known here")
    return licence


def standard(name: str, licence: str) -> str:
    """The text of a licence whose crate comes without one."""
    for one in re.split(r" OR ", licence.strip("()")):
        path = TEXTS / f"{one}.txt"
        if path.is_file():
            return read(path)
    raise Wrong(f"{name} comes without the text of its licence, `{licence}`")


def library(bundled: Bundled, package: dict) -> Part:
    folder = Path(package["manifest_path"]).parent
    if bundled.version_in is None:
        version = package["version"].partition("+")[2]
    else:
        file, pattern = bundled.version_in
        found = re.search(pattern, read(folder / file))
        version = found[1] if found else ""
    if not version:
        raise Wrong(f"the version of {bundled.name} in {package['name']} is not where it was")
    text = read(folder / bundled.text)
    if bundled.lines is not None:
        text = "\n".join(text.splitlines()[: bundled.lines])
    purl = f"pkg:generic/{bundled.name.lower()}@{version}"
    return Part(bundled.name, version, bundled.licence, purl, True, [text], purl)


def runtimes(parts: dict[str, Part], root: Part, targets: list[str]) -> list[str]:
    """Adds what the toolchain brings; returns what of that has no text on this machine."""
    left_out = []

    def add(name: str, version: str, licence: str, texts: list[str]) -> None:
        ref = f"{name}@{version}" if version else name
        parts[ref] = Part(name, version, licence, ref, True, texts)
        root.needs.add(ref)

    sysroot = Path(output("rustc", "--print", "sysroot"))
    release = re.search(r"^release: (.+)$", output("rustc", "-vV"), re.MULTILINE)
    said = sysroot / "share" / "doc" / "rust" / "COPYRIGHT-library.html"
    if said.is_file():
        texts = [plain(read(said))]
    else:
        texts = [read(TEXTS / "MIT.txt"), read(TEXTS / "Apache-2.0.txt")]
        left_out.append(f"notices of what Rust's standard library is made of ({said.name} is not beside this compiler)")
    add("Rust standard library", release[1] if release else "", "MIT OR Apache-2.0", texts)
    for target in targets:
        for name, places in RUNTIMES.get(target, []):
            found = next((path for place in places if (path := Path(place)).is_file()), None)
            if found is None:
                left_out.append(f"the licence of {name}, which is in the program for {target} ({places[0]} is not there)")
            add(name, "", "", [read(found)] if found else [])
    return left_out


def output(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def plain(page: str) -> str:
    """The text of a page of HTML, as far as a reader of licences needs it."""
    page = re.sub(r"(?s)<(head|style)\b.*?</\1>", "", page)
    page = re.sub(r"<[^>]+>", "", page)
    return re.sub(r"\n{3,}", "\n\n", html.unescape(page)).strip()


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def bom(parts: dict[str, Part], root: Part) -> str:
    components = [component(part, "library") for ref, part in sorted(parts.items()) if part is not root]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"timestamp": made(), "component": component(root, "application")},
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(part.needs)} for ref, part in sorted(parts.items())],
    }
    # The same parts have the same number.
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    return json.dumps({"serialNumber": f"urn:uuid:{number}", **document}, indent=1, ensure_ascii=False) + "\n"


def component(part: Part, kind: str) -> dict:
    told: dict = {"type": kind, "bom-ref": part.ref, "name": part.name}
    if part.version:
        told["version"] = part.version
    if kind == "library":
        told["scope"] = "required" if part.is_linked else "excluded"
    if part.checksum:
        told["hashes"] = [{"alg": "SHA-256", "content": part.checksum}]
    if part.licence:
        told["licenses"] = [{"expression": part.licence}]
    if part.purl:
        told["purl"] = part.purl
    return told


def made() -> str:
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def licences(parts: dict[str, Part], root: Part) -> str:
    """One text: which part has which licence, then each licence's text once, with the parts that came with it."""
    texts: dict[str, list[Part]] = {}
    places: dict[str, str] = {}
    ordered = sorted((part for part in parts.values() if part is not root), key=lambda p: (p.name.lower(), p.version))
    for part in [root, *ordered]:
        for text in part.texts:
            # Licences differ in their line breaks; what is said counts.
            key = " ".join(text.split())
            places.setdefault(key, text.strip("\n"))
            texts.setdefault(key, []).append(part)
    number = {key: str(place) for place, key in enumerate(texts, 1)}
    out = [f"What ixdeploy {root.version} is made of, under which licences.", ""]
    out += ["Linked into the program; with * only used to build it.", ""]
    for part in [root, *ordered]:
        own = ", ".join(number[" ".join(text.split())] for text in part.texts) or "none at hand"
        mark = " " if part.is_linked else "*"
        out.append(f"{mark} {f'{part.name} {part.version}'.strip():<38} {part.licence or 'see its text':<44} text {own}")
    for key, of in texts.items():
        names = ", ".join(f"{part.name} {part.version}".strip() for part in of)
        out += ["", "=" * 78, f"Text {number[key]}, of {names}", "=" * 78, "", *places[key].splitlines()]
    return "\n".join(line.rstrip() for line in out) + "\n"


if __name__ == "__main__":
    sys.exit(main())
