"""From the bundle to the files that people download, for the system that this runs on."""

import datetime
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from known_file import known_file

PACKAGING = Path(__file__).resolve().parent
LINUX = PACKAGING / "linux"
_ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)

# The official static runtime, https://github.com/AppImage/type2-runtime; its checksum is the one
# that the release publishes.
_RUNTIME_URL = "https://github.com/AppImage/type2-runtime/releases/download/20251108/runtime-x86_64"
_RUNTIME_SHA256 = "2fca8b443c92510f1483a883f60061ad09b46b978b2631c807cd873a47ec260d"


@dataclass(frozen=True)
class Context:
    """What a format is made from and where it goes; `epoch` dates all files (seconds since 1970),
    `runtime` is AppImage's, None to download it."""

    root: Path
    bundle: Path
    icons: Path
    work: Path
    output: Path
    version: str
    epoch: int
    runtime: Path | None

    @property
    def program(self) -> Path:
        """The bundle's command."""
        if sys.platform == "darwin":
            return self.bundle / "Contents" / "MacOS" / "capsearch"
        return self.bundle / ("capsearch.exe" if os.name == "nt" else "capsearch")

    def fresh(self, name: str) -> Path:
        """An empty working folder."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


Maker = Callable[[Context], Path]


def of_this_system() -> dict[str, Maker]:
    """The formats that can be made here, by name."""
    if sys.platform == "win32":
        return {"installer": make_installer}
    if sys.platform == "darwin":
        return {"dmg": make_disk_image}
    return {"archive": make_archive, "deb": make_deb, "appimage": make_appimage}


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def make_archive(context: Context) -> Path:
    """A .tar.xz to unpack anywhere."""
    target = context.output / f"capsearch-{context.version}-linux-x86_64.tar.xz"
    subprocess.run(
        [
            *("tar", "--create", "--file", target, "--use-compress-program", "xz -6 -T2"),
            *("--sort=name", "--owner=root:0", "--group=root:0", f"--mtime=@{context.epoch}"),
            *("--directory", context.bundle.parent, context.bundle.name),
        ],
        check=True,
    )
    return target


def make_deb(context: Context) -> Path:
    """A package for Debian, Ubuntu and their kin. It depends on what the bundle's libraries need
    of the system, as `dpkg-shlibdeps` finds it."""
    root = context.fresh("deb")
    lay_out(context, root / "usr")
    documents = root / "usr" / "share" / "doc" / "capsearch"
    documents.mkdir(parents=True)
    notices = next((root / "usr/lib/capsearch").rglob("THIRD-PARTY-NOTICES.txt"))
    shutil.copyfile(context.root / "LICENSE", documents / "copyright")
    shutil.copyfile(notices, documents / notices.name)
    control = root / "DEBIAN"
    control.mkdir()
    fields = {
        "Package": "capsearch",
        "Version": context.version,
        "Architecture": "amd64",
        "Maintainer": maintainer(),
        "Installed-Size": str(size_of(root) // 1024),
        "Depends": needed_packages(root / "usr/lib/capsearch"),
        "Recommends": "fonts-dejavu-core | fonts-noto-core | fonts-liberation",
        "Section": "graphics",
        "Priority": "optional",
        "Description": "search your own photos by words, on your own machine\n"
        " CapSearch finds photos in your folders by what you describe: a dog on the\n"
        " beach, the house in the snow, my dog. It learns what comes back in your own\n"
        " collection. Nobody has to write a caption, and nothing leaves the machine.",
    }
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    (control / "control").write_text(lines, encoding="utf-8")
    target = context.output / f"capsearch_{context.version}_amd64.deb"
    date_all(root, context.epoch)
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", root, target],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(context.epoch)},
    )
    return target


def maintainer() -> str:
    """Who answers for the package: Debian's usual variables, or nobody yet."""
    name = os.environ.get("DEBFULLNAME", "CapSearch")
    return f"{name} <{os.environ.get('DEBEMAIL', 'nobody@capsearch.invalid')}>"


def lay_out(context: Context, prefix: Path) -> None:
    """The bundle and what desktops look for, as below `/usr`."""
    shutil.copytree(context.bundle, prefix / "lib" / "capsearch", symlinks=True)
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "capsearch").symlink_to("../lib/capsearch/capsearch")
    for source, place in (
        ("capsearch.desktop", "share/applications"),
        ("io.github.capsearch.CapSearch.metainfo.xml", "share/metainfo"),
    ):
        text = (LINUX / source).read_text(encoding="utf-8")
        (prefix / place).mkdir(parents=True)
        (prefix / place / source).write_text(
            text.replace("@VERSION@", context.version).replace("@DATE@", day(context.epoch)),
            encoding="utf-8",
        )
    icons = prefix / "share" / "icons" / "hicolor"
    for size in _ICON_SIZES:
        folder = icons / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True)
        shutil.copyfile(context.icons / f"{size}.png", folder / "capsearch.png")
    scalable = icons / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(
        context.root / "resources" / "icons" / "capsearch.svg", scalable / "capsearch.svg"
    )
    for path in prefix.rglob("*"):
        if not path.is_symlink():
            program = path.is_dir() or path == prefix / "lib" / "capsearch" / "capsearch"
            path.chmod(0o755 if program else 0o644)


def day(epoch: int) -> str:
    """The day of a time, as 2026-01-31."""
    return datetime.datetime.fromtimestamp(epoch, datetime.UTC).date().isoformat()


def date_all(folder: Path, epoch: int) -> None:
    """Give every file the same date, so that two builds differ in nothing."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def needed_packages(bundle: Path) -> str:
    """Debian's packages, with their least versions, that the bundle needs of the system.

    `dpkg-shlibdeps` also finds the system's own copies of libraries that are in the bundle, because
    only the start program tells the loader to look there first; those are left out.
    """
    work = bundle.parents[3] / "shlibdeps"
    (work / "debian").mkdir(parents=True, exist_ok=True)
    (work / "debian" / "control").write_text(
        "Source: capsearch\n\nPackage: capsearch\nArchitecture: amd64\n"
    )
    objects = [path for path in bundle.rglob("*") if is_elf(path)]
    folders = sorted({str(path.parent) for path in objects})
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"]
    done = subprocess.run(
        [*command, *(f"-l{folder}" for folder in folders), *map(str, objects)],
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"shlibs:Depends=(.+)", done.stdout)
    if done.returncode != 0 or found is None:
        raise SystemExit(f"dpkg-shlibdeps failed: {done.stderr}")
    outside = {package for name in needed_outside(objects) for package in packages_of(name)}
    kept = [wanted for wanted in found[1].split(", ") if wanted.split(" ")[0] in outside]
    return ", ".join(kept)


def needed_outside(objects: list[Path]) -> set[str]:
    """Names of the libraries that these programs and libraries need and are not among them."""
    command = ["objdump", "--private-headers", *map(str, objects)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"NEEDED\s+(\S+)", told)) - {path.name for path in objects}


def packages_of(library: str) -> list[str]:
    """The packages of this system that hold a library of this name."""
    command = ["dpkg-query", "--search", f"*/{library}"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [line.split(":")[0] for line in told.splitlines()]


def is_elf(path: Path) -> bool:
    """Whether a file is a program or a library of Linux."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def make_appimage(context: Context) -> Path:
    """One file that runs where it is put down: AppImage's runtime and a compressed file system."""
    root = context.fresh("appimage")
    lay_out(context, root / "usr")
    (root / "AppRun").symlink_to("usr/bin/capsearch")
    (root / ".DirIcon").symlink_to("capsearch.png")
    (root / "capsearch.png").symlink_to("usr/share/icons/hicolor/256x256/apps/capsearch.png")
    (root / "capsearch.desktop").symlink_to("usr/share/applications/capsearch.desktop")
    image = context.work / "appimage.squashfs"
    image.unlink(missing_ok=True)
    subprocess.run(
        [
            *("mksquashfs", root, image, "-root-owned", "-noappend", "-comp", "zstd"),
            *("-Xcompression-level", "19", "-b", "256K", "-no-progress", "-quiet"),
            *("-all-time", str(context.epoch), "-mkfs-time", str(context.epoch)),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        # mksquashfs refuses to be told the time twice.
        env={name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"},
    )
    target = context.output / f"CapSearch-{context.version}-x86_64.AppImage"
    with target.open("wb") as file:
        file.write((context.runtime or download_runtime(context.work)).read_bytes())
        with image.open("rb") as content:
            shutil.copyfileobj(content, file)
    target.chmod(0o755)
    return target


def download_runtime(work: Path) -> Path:
    """AppImage's runtime, whose checksum is known.

    Raises:
        SystemExit: it cannot be had, or is another one.
    """
    return known_file(
        _RUNTIME_URL, _RUNTIME_SHA256, work / "appimage-runtime", "give it with --runtime FILE"
    )


def write_version_file(work: Path, version: str) -> Path:
    """What Windows shows as the program's properties, in PyInstaller's form."""
    numbers = tuple(int(part) for part in [*version.split("."), "0", "0", "0"][:4])
    texts = {
        "CompanyName": "The CapSearch project",
        "FileDescription": "CapSearch",
        "FileVersion": version,
        "InternalName": "capsearch",
        "LegalCopyright": "Apache License 2.0",
        "ProductName": "CapSearch",
        "ProductVersion": version,
    }
    table = ", ".join(f"StringStruct({name!r}, {value!r})" for name, value in texts.items())
    path = work / "version.txt"
    path.write_text(
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, "
        "flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)), kids=["
        f"StringFileInfo([StringTable('040904B0', [{table}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n",
        encoding="utf-8",
    )
    return path


def make_installer(context: Context) -> Path:
    """An installer for Windows, for the one user and without asking for an administrator."""
    target = context.output / f"CapSearch-{context.version}-setup.exe"
    size = size_of(context.bundle) // 1024
    definitions = {
        "VERSION": context.version,
        "FILES": str(context.bundle / "*.*"),
        "ICON": str(context.icons / "capsearch.ico"),
        "OUTPUT": str(target),
        "KILOBYTES": str(size),
        "LICENCE": str(context.root / "LICENSE"),
    }
    # The same script builds on Linux too, where its syntax can be tried: options by - and not /.
    compiler = shutil.which("makensis") or r"C:\Program Files (x86)\NSIS\makensis.exe"
    options = [f"-D{name}={value}" for name, value in definitions.items()]
    script = str(PACKAGING / "windows" / "capsearch.nsi")
    subprocess.run([compiler, "-V2", "-WX", *options, script], check=True)
    return target


def make_disk_image(context: Context) -> Path:
    """A .dmg with the app and the folder to drag it into.

    It is signed by the identity in `CODESIGN_IDENTITY`, or else 'ad hoc', which runs on the machine
    that built it and elsewhere after the owner has allowed it.
    """
    target = context.output / f"CapSearch-{context.version}.dmg"
    root = context.fresh("dmg")
    shutil.copytree(context.bundle, root / "CapSearch.app", symlinks=True)
    (root / "Applications").symlink_to("/Applications")
    identity = os.environ.get("CODESIGN_IDENTITY", "-")
    sign = ["codesign", "--force", "--deep", "--sign", identity]
    if identity != "-":
        sign += ["--options", "runtime", "--timestamp"]
        sign += ["--entitlements", str(PACKAGING / "macos" / "entitlements.plist")]
    subprocess.run([*sign, root / "CapSearch.app"], check=True)
    target.unlink(missing_ok=True)
    subprocess.run(
        [
            *("hdiutil", "create", "-volname", "CapSearch", "-srcfolder", root),
            *("-format", "UDZO", "-quiet", target),
        ],
        check=True,
    )
    return target
