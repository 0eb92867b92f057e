"""Hosts that are never one organisation's own: platforms anyone can publish on, whole governments, link shorteners."""

import re
from collections.abc import Callable
from functools import cache

# Shared by every body of a government or health service though the public suffix list does not say so.
GOVERNMENTS = frozenset({"gov.wales", "llyw.cymru", "nhs.wales", "gig.cymru", "nhs.scot"})

# Everybody's pages stand on the host itself or on one below it that is everybody's too.
PLATFORM = re.compile(
    r"(?:.*\.)?(?:google\.com|google\.co\.uk|github\.com|gitlab\.com|bitbucket\.org|facebook\.com|instagram\.com|"
    r"twitter\.com|x\.com|linkedin\.com|tiktok\.com|youtube\.com|youtu\.be|vimeo\.com|medium\.com|dropbox\.com|box\.com|"
    r"live\.com|1drv\.ms|office\.com|office365\.com|microsoft\.com|forms\.gle|surveymonkey\.com|surveymonkey\.co\.uk|"
    r"jotform\.com|typeform\.com|smartsurvey\.co\.uk|eventbrite\.com|eventbrite\.co\.uk|issuu\.com|canva\.com|"
    r"notion\.so|mailchi\.mp|wetransfer\.com|padlet\.com|amazonaws\.com|windows\.net|azurewebsites\.net|"
    r"translate\.goog|cloudfront\.net)"
)

# Each customer has a host of its own below these, which may be listed; the host itself may not.
LET_BY_NAME = re.compile(
    r"(?:www\.)?(?:sharepoint\.com|wordpress\.com|wixsite\.com|wix\.com|weebly\.com|squarespace\.com|blogspot\.com|"
    r"tumblr\.com|webflow\.io|netlify\.app|github\.io|govdelivery\.com|achieveservice\.com|notion\.site)"
)

SHORTENER = re.compile(
    r"(?:.*\.)?(?:adf\.ly|amzn\.to|bit\.ly|bitly\.com|bl\.ink|buff\.ly|cutt\.ly|dlvr\.it|fb\.me|goo\.gl|is\.gd|linktr\.ee|"
    r"lnkd\.in|me-qr\.com|ow\.ly|qr\.ae|qr\.io|qrco\.de|qrto\.org|rb\.gy|rebrand\.ly|s\.id|short\.io|shorturl\.at|t\.co|"
    r"t\.ly|tiny\.cc|tiny\.one|tinyurl\.com|trib\.al|v\.gd|wa\.me)"
)


def is_shared(host: str) -> bool:
    """Whether many organisations publish at this host or have theirs below it."""
    ours = host in GOVERNMENTS or PLATFORM.fullmatch(host) or LET_BY_NAME.fullmatch(host)
    return bool(ours) or _suffixes()(host)


@cache
def _suffixes() -> Callable[[str], bool]:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList().is_public
