# SPDX-License-Identifier: MIT
"""The scenes of the golden screens: who opens the desk, and which keys lead there."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Scene:
    name: str
    person: str
    keys: str = ""
    env: tuple = ()

    def __post_init__(self):
        object.__setattr__(self, "env", list(self.env))


SCENES = [
    Scene("board", "dc-owner"),
    Scene("board-operator", "dc-operator-1"),
    Scene("board-auditor", "auditor-1"),
    Scene("classify", "dc-operator-1", "nnu"),
    Scene("classify-done", "dc-operator-1", "nnunnnn"),
    Scene("report", "dc-operator-1", "nnunnnn<Enter>"),
    Scene("incident", "dc-owner", "<Enter>"),
    Scene("actions", "dc-owner", "<Enter>a"),
    Scene("help", "dc-owner", "?"),
]

# The pictures of the documentation: which section of which golden screen.
PICTURES = {
    "board": ("board", "en", "80x24"),
    "board-ja": ("board", "ja", "80x24"),
}
