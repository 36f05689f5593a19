"""Builds the extension by CMake from the checkout that this folder is in. Needs what experiments/setup installs, and no
network. SKEIN_BUILD names a CMake build that has the extension already (SKEIN_PYTHON=ON, the same Python): it is taken."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

root = pathlib.Path(__file__).resolve().parents[2]
header = root / "lib" / "base" / "version.hpp"
if not header.exists():
    sys.exit(f"skein: {root} is no checkout of skein: install the folder experiments/python inside one")


class ByCMake(build_ext):
    def build_extension(self, extension):
        ready = os.environ.get("SKEIN_BUILD")
        build = pathlib.Path(ready).resolve() if ready else pathlib.Path(self.build_temp).resolve() / "cmake"
        if not ready:
            settings = {
                "CMAKE_BUILD_TYPE": "Release",
                "CMAKE_UNITY_BUILD": "ON",
                "CMAKE_UNITY_BUILD_BATCH_SIZE": "10",
                "SKEIN_PYTHON": "ON",
                "SKEIN_TESTS": "OFF",
                "Python_EXECUTABLE": sys.executable,
            }
            words = [f"-D{name}={value}" for name, value in settings.items()]
            subprocess.run(["cmake", "-S", str(root), "-B", str(build), "-G", "Ninja", *words], check=True)
            subprocess.run(["cmake", "--build", str(build), "--target", "skein_python"], check=True)
        made = pathlib.Path(self.get_ext_fullpath(extension.name))
        found = build / "experiments" / "python" / "skein" / made.name
        if not found.exists():
            sys.exit(f"skein: {found} is not there: SKEIN_BUILD is no build of this Python's extension")
        made.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found, made)


setup(
    version=re.search(r'define SKEIN_VERSION "(.*)"', header.read_text()).group(1),
    ext_modules=[Extension("skein._skein", sources=[])],
    cmdclass={"build_ext": ByCMake},
)
