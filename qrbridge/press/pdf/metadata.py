"""What a file says of itself, to people and to programs."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

CREATOR = "qrbridge"
METADATA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


# The metadata is not packed, and a reader that looks for the word would take it for the end of them.
ENDS_NOTHING = {"endstream": "endstrea&#109;"}


@dataclass(frozen=True)
class About:
    """A file's title, whose it is, what it is, and the language it is in unless a part of it says another."""

    title: str
    author: str
    subject: str
    language: str

    def metadata(self) -> bytes:
        """Write it as XMP, with the claim of PDF/UA-1."""
        names = ("title", "author", "subject", "language")
        said = {name: escape(getattr(self, name), ENDS_NOTHING) for name in names}
        return METADATA.format(creator=CREATOR, **said).encode()
