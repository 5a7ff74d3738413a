"""Names of licences that mean exactly one SPDX licence: trove classifiers, and common words.

Names that leave the version or variant open (``BSD License``, ``Apache Software License``, …; PEP 639 lists
the classifiers among them) are not here: guessing a licence is worse than giving its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["NOT_A_LICENCE", "SPDX_OF_CLASSIFIER", "may_be", "spdx_of_words"]

NOT_A_LICENCE = frozenset({"License :: OSI Approved", "License :: DFSG approved"})

_OSI = "License :: OSI Approved :: "

SPDX_OF_CLASSIFIER: Mapping[str, str] = {
    "License :: CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    "License :: CeCILL-B Free Software License Agreement (CECILL-B)": "CECILL-B",
    "License :: CeCILL-C Free Software License Agreement (CECILL-C)": "CECILL-C",
    f"{_OSI}Attribution Assurance License": "AAL",
    f"{_OSI}Blue Oak Model License (BlueOak-1.0.0)": "BlueOak-1.0.0",
    f"{_OSI}Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
    f"{_OSI}CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)": "CECILL-2.1",
    f"{_OSI}CMU License (MIT-CMU)": "MIT-CMU",
    f"{_OSI}Common Development and Distribution License 1.0 (CDDL-1.0)": "CDDL-1.0",
    f"{_OSI}Common Public License": "CPL-1.0",
    f"{_OSI}Eclipse Public License 1.0 (EPL-1.0)": "EPL-1.0",
    f"{_OSI}Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0",
    f"{_OSI}Educational Community License, Version 2.0 (ECL-2.0)": "ECL-2.0",
    f"{_OSI}European Union Public Licence 1.0 (EUPL 1.0)": "EUPL-1.0",
    f"{_OSI}European Union Public Licence 1.1 (EUPL 1.1)": "EUPL-1.1",
    f"{_OSI}European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
    f"{_OSI}GNU Affero General Public License v3": "AGPL-3.0-only",
    f"{_OSI}GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    f"{_OSI}GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    f"{_OSI}GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    f"{_OSI}GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    f"{_OSI}GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    f"{_OSI}GNU Lesser General Public License v2 (LGPLv2)": "LGPL-2.0-only",
    f"{_OSI}GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    f"{_OSI}GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    f"{_OSI}GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    f"{_OSI}Historical Permission Notice and Disclaimer (HPND)": "HPND",
    f"{_OSI}IBM Public License": "IPL-1.0",
    f"{_OSI}ISC License (ISCL)": "ISC",
    f"{_OSI}MIT License": "MIT",
    f"{_OSI}MIT No Attribution License (MIT-0)": "MIT-0",
    f"{_OSI}MirOS License (MirOS)": "MirOS",
    f"{_OSI}Motosoto License": "Motosoto",
    f"{_OSI}Mozilla Public License 1.0 (MPL)": "MPL-1.0",
    f"{_OSI}Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    f"{_OSI}Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    f"{_OSI}Mulan Permissive Software License v2 (MulanPSL-2.0)": "MulanPSL-2.0",
    f"{_OSI}NASA Open Source Agreement v1.3 (NASA-1.3)": "NASA-1.3",
    f"{_OSI}Nethack General Public License": "NGPL",
    f"{_OSI}Nokia Open Source License": "Nokia",
    f"{_OSI}Open Group Test Suite License": "OGTSL",
    f"{_OSI}Open Software License 3.0 (OSL-3.0)": "OSL-3.0",
    f"{_OSI}PostgreSQL License": "PostgreSQL",
    f"{_OSI}Python License (CNRI Python License)": "CNRI-Python",
    f"{_OSI}Qt Public License (QPL)": "QPL-1.0",
    f"{_OSI}Ricoh Source Code Public License": "RSCPL",
    f"{_OSI}SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
    f"{_OSI}Sleepycat License": "Sleepycat",
    f"{_OSI}Sun Public License": "SPL-1.0",
    f"{_OSI}The Unlicense (Unlicense)": "Unlicense",
    f"{_OSI}Universal Permissive License (UPL)": "UPL-1.0",
    f"{_OSI}University of Illinois/NCSA Open Source License": "NCSA",
    f"{_OSI}Vovida Software License 1.0": "VSL-1.0",
    f"{_OSI}W3C License": "W3C",
    f"{_OSI}Zero-Clause BSD (0BSD)": "0BSD",
}

_FAMILIES = (
    ("AGPL", re.compile(r"\bagpl|affero(\W+g(eneral public|pl))?"), ("3.0",)),
    ("LGPL", re.compile(r"\blgpl|(library( or lesser)?|lesser)\W+g(eneral( public)?|pl)"), ("2.0", "2.1", "3.0")),
    ("GPL", re.compile(r"\bgpl|general public"), ("1.0", "2.0", "3.0")),
)
"""Licences that some vendors have to keep out, how people call them, and their versions: the longer names first."""
_NO_MORE_THAN_GNU = re.compile(r"\bgnu\b(?!.*documentation)")


def may_be(name: str) -> tuple[str, ...]:
    """Which of the GNU licences a name may mean, as classifiers and people write it; none for one of another family.

    Whoever denies one of them will not want a part that may have it.
    """
    text = rest = name.casefold()
    if "compatible" in text:
        return ()
    found = []
    for stem, words, versions in _FAMILIES:
        without = words.sub(" ", rest)
        if without != rest:
            found.append((stem, versions))
        rest = without
    if not found and _NO_MORE_THAN_GNU.search(text):
        found = [(stem, versions) for stem, _, versions in _FAMILIES if stem == "GPL"]
    said = {*re.findall(r"\d+(?:\.\d+)?", text)}
    return tuple(
        f"{stem}-{version}-{which}"
        for stem, versions in found
        for version in [each for each in versions if {each, each.removesuffix(".0")} & said] or versions
        for which in ("only", "or-later")
    )


_FILLERS = frozenset({"the", "license", "licence", "version", "software"})

_SPDX_OF_WORDS: Mapping[str, str] = {
    "apache 2": "Apache-2.0",
    "apache 2 0": "Apache-2.0",
    "bsd 2 clause": "BSD-2-Clause",
    "2 clause bsd": "BSD-2-Clause",
    "bsd 3 clause": "BSD-3-Clause",
    "3 clause bsd": "BSD-3-Clause",
    "isc": "ISC",
    "mit": "MIT",
    "mozilla public 2 0": "MPL-2.0",
    "mpl 2 0": "MPL-2.0",
    "unlicense": "Unlicense",
}


def spdx_of_words(text: str) -> str:
    """``Apache License, Version 2.0`` → ``Apache-2.0``; an empty text where the words could mean several licences."""
    words = re.findall(r"[a-z]+|\d+", text.lower())
    return _SPDX_OF_WORDS.get(" ".join(word for word in words if word not in _FILLERS), "")
