"""Checks that an unpacked OCI archive has an index with an image for amd64 and one for arm64: platforms.py FOLDER."""
import json
import sys
from pathlib import Path

root = Path(sys.argv[1])


def blob(entry):
    return json.loads((root / "blobs" / entry["digest"].replace(":", "/")).read_text())


images = blob(json.loads((root / "index.json").read_text())["manifests"][0])["manifests"]
named = sorted(image["platform"]["architecture"] for image in images)
built = sorted(blob(blob(image)["config"])["architecture"] for image in images)
if not named == built == ["amd64", "arm64"]:
    sys.exit(f"named {named}, built for {built}")
