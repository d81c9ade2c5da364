"""Which program stands for a container image: POST /emulator/images {"image": PATTERN, "program": [PATH, ...], "environment": {...}}."""
import fnmatch

_images = []


def add(image, program, environment):
    """Later entries win. The environment is what the image itself sets; the job definition's comes on top."""
    if not program or not all(isinstance(word, str) for word in program):
        raise ValueError("the program is a list of words")
    _images.insert(0, (image, list(program), dict(environment)))


def find(image):
    """Program and environment for an image; None if there is none."""
    return next(((program, environment) for pattern, program, environment in _images if fnmatch.fnmatchcase(image, pattern)), None)
