"""What people install is made of these parts; `packaging/build.py` tries the whole."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from importlib import metadata
from pathlib import Path

import build
import formats
import notices
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging" / "linux"
EPOCH = 1_700_000_000

needs_debian = pytest.mark.skipif(
    shutil.which("dpkg-shlibdeps") is None or shutil.which("objdump") is None,
    reason="no dpkg-dev and binutils here",
)
needs_tar = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("xz") is None, reason="no GNU tar and xz"
)


@pytest.fixture
def context(tmp_path):
    """A bundle with one real program in it."""
    bundle = tmp_path / "work" / "dist" / "capsearch"
    licences = bundle / "_internal" / "licences"
    licences.mkdir(parents=True)
    (licences / notices.NOTICES).write_text("all of them\n")
    shutil.copy(os.path.realpath("/bin/true"), bundle / "capsearch")
    icons = tmp_path / "work" / "icons"
    icons.mkdir()
    for size in (16, 24, 32, 48, 64, 128, 256, 512):
        (icons / f"{size}.png").write_bytes(b"a picture")
    output = tmp_path / "out"
    output.mkdir()
    return formats.Context(
        root=ROOT,
        bundle=bundle,
        icons=icons,
        work=tmp_path / "work",
        output=output,
        version="1.2.3",
        epoch=EPOCH,
        runtime=None,
    )


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def touch_all(folder):
    for path in folder.rglob("*"):
        os.utime(path)


@needs_debian
def test_the_package_holds_program_entry_icons_and_notices_and_names_what_it_needs(context):
    made = formats.make_deb(context)
    listed = subprocess.run(
        ["dpkg-deb", "-c", made], capture_output=True, text=True, check=True
    ).stdout
    for path in (
        "./usr/bin/capsearch -> ../lib/capsearch/capsearch",
        "./usr/lib/capsearch/capsearch",
        "./usr/share/applications/capsearch.desktop",
        "./usr/share/icons/hicolor/256x256/apps/capsearch.png",
        "./usr/share/icons/hicolor/scalable/apps/capsearch.svg",
        "./usr/share/doc/capsearch/THIRD-PARTY-NOTICES.txt",
        "./usr/share/doc/capsearch/copyright",
    ):
        assert path in listed
    assert all(" root/root " in line for line in listed.splitlines())
    fields = subprocess.run(
        ["dpkg-deb", "-f", made], capture_output=True, text=True, check=True
    ).stdout
    assert "Version: 1.2.3\n" in fields
    assert re.search(r"^Depends: .*libc6 \(>= [\d.]+\)", fields, re.MULTILINE)


@needs_debian
def test_a_package_built_twice_is_the_same_file(context):
    first = digest(formats.make_deb(context))
    touch_all(context.bundle)
    assert digest(formats.make_deb(context)) == first


@needs_tar
def test_an_archive_built_twice_is_the_same_file(context):
    first = digest(formats.make_archive(context))
    touch_all(context.bundle)
    assert digest(formats.make_archive(context)) == first


@needs_debian
def test_a_library_of_the_bundle_is_not_asked_of_the_system(context):
    program = context.bundle / "capsearch"
    assert "libc.so.6" in formats.needed_outside([program])
    own = context.bundle / "_internal" / "libc.so.6"
    shutil.copy(os.path.realpath("/bin/true"), own)
    assert "libc.so.6" not in formats.needed_outside([program, own])


@needs_debian
def test_a_library_that_can_be_loaded_is_told_from_one_whose_parts_were_moved(context, tmp_path):
    whole = context.bundle / "capsearch"
    assert build.can_be_loaded(whole)
    moved = bytearray(whole.read_bytes())
    at = int.from_bytes(moved[32:40], "little")  # the first program header of a 64-bit ELF file
    while moved[at : at + 4] != (1).to_bytes(4, "little"):  # up to the first LOAD
        at += 56
    moved[at + 16] ^= 0x08  # its address in memory
    broken = tmp_path / "broken"
    broken.write_bytes(moved)
    assert not build.can_be_loaded(broken)


@pytest.mark.skipif(shutil.which("makensis") is None, reason="no NSIS here")
def test_the_windows_installer_is_made_of_the_bundle(context):
    for name in ("capsearch.exe", "capsearchw.exe"):
        (context.bundle / name).write_bytes(b"program")
    with Image.new("RGB", (32, 32)) as picture:
        picture.save(context.icons / "capsearch.ico")
    made = formats.make_installer(context)
    assert made.name == "CapSearch-1.2.3-setup.exe"
    assert made.read_bytes().startswith(b"MZ")


def test_a_runtime_that_is_not_the_known_one_ends_the_build(context, tmp_path, monkeypatch):
    other = tmp_path / "runtime"
    other.write_bytes(b"not it")
    monkeypatch.setattr(formats, "_RUNTIME_URL", other.as_uri())
    with pytest.raises(SystemExit, match="not the file that it was"):
        formats.download_runtime(context.work)
    monkeypatch.setattr(formats, "_RUNTIME_URL", (tmp_path / "missing").as_uri())
    with pytest.raises(SystemExit, match="--runtime FILE"):
        formats.download_runtime(context.work)
    assert not (context.work / "appimage-runtime").exists()


def test_desktop_metadata_and_window_have_one_name():
    entry = (LINUX / "capsearch.desktop").read_text(encoding="utf-8")
    assert "\nExec=capsearch\n" in entry
    assert "\nIcon=capsearch\n" in entry
    program = (ROOT / "capsearch" / "gui" / "program.py").read_text(encoding="utf-8")
    assert 'setDesktopFileName("capsearch")' in program
    [metadata] = LINUX.glob("*.metainfo.xml")
    about = ET.parse(metadata).getroot()
    assert about.findtext("id") == metadata.name.removesuffix(".metainfo.xml")
    assert about.findtext("launchable") == "capsearch.desktop"
    spec = (ROOT / "packaging" / "capsearch.spec").read_text(encoding="utf-8")
    assert f'bundle_identifier="{about.findtext("id")}"' in spec


def test_windows_properties_carry_the_version(tmp_path):
    text = formats.write_version_file(tmp_path, "1.2.3").read_text(encoding="utf-8")
    assert "filevers=(1, 2, 3, 0)" in text
    assert "StringStruct('ProductVersion', '1.2.3')" in text


def test_what_is_left_to_the_addon_is_asked_for_by_the_project():
    """A package that is renamed there must not slip into the bundle."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in ("torch", "open_clip_torch"):
        assert name in build.NOT_BUNDLED
        assert re.search(rf'"{name}>', text)


def test_the_licence_of_all_that_is_bundled_is_known():
    """A new package must not be noticed only when somebody builds the app."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    spec = (ROOT / "packaging" / "capsearch.spec").read_text(encoding="utf-8")
    left_out = {canonical(name) for name in build.NOT_BUNDLED}
    left_out |= {canonical(name) for name in re.findall(r'"([\w-]+)"', braces_after(spec))}
    waiting = [requirement(line) for line in project["dependencies"]]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen | left_out:
            continue
        seen.add(name)
        try:
            asked = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # of another system
            continue
        waiting += [
            canonical(re.split(r"[\s<>=!~;\[(]", line)[0])
            for line in asked
            if "extra ==" not in line
        ]
        notices.refuse_binding(notices.Component(name, notices.licence_of(name), ""))
    assert {"av", "numpy", "imagehash"} <= seen


def requirement(line):
    return canonical(re.split(r"[\s<>=!~;\[(]", line)[0])


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def braces_after(spec):
    start = spec.index("no_metadata = {")
    return spec[start : spec.index("}", start)]


@pytest.mark.parametrize(
    "licence",
    ["GPL-3.0-only", "GPL-2.0-or-later AND MIT", "AGPL-3.0-only", "GPL-2.0-only OR GPL-3.0-only"],
)
def test_a_licence_that_would_bind_everything_ends_the_build(licence):
    with pytest.raises(SystemExit, match="would bind"):
        notices.refuse_binding(notices.Component("x", licence, ""))


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "LGPL-3.0-only",
        "LGPL-2.1-only OR CDDL-1.0",
        "LGPL-3.0-only OR GPL-2.0-only",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        "GPL-2.0-or-later WITH Bootloader-exception",
    ],
)
def test_other_licences_pass(licence):
    notices.refuse_binding(notices.Component("x", licence, ""))


def test_an_unknown_library_ends_the_build(tmp_path):
    (tmp_path / "libde265-1.so.0").touch()
    (tmp_path / "QtCore.abi3.so").touch()
    assert {part.name for part in notices.libraries_in(tmp_path)} == {"libde265"}
    (tmp_path / "libx265.so.199").touch()
    with pytest.raises(SystemExit, match="Whose library"):
        notices.libraries_in(tmp_path)


def test_notices_name_each_part_with_its_licence_and_source():
    part = notices.Component("Qt", "LGPL-3.0-only", "https://download.qt.io")
    assert re.search(r"Qt +LGPL-3.0-only\n +https://download.qt.io", notices.as_text([part]))
