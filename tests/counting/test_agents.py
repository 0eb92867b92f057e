import subprocess
import sys

import crawleruseragents
import pytest
import user_agents
from hypothesis import given
from hypothesis import strategies as st

from qrbridge.counting import agents
from qrbridge.counting.agents import Agent
from tests.calls import calls

PHONE = [
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        id="iPhone Safari",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1",
        id="iPhone Chrome",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
        "Mobile Safari/537.36",
        id="Android Chrome with a reduced agent",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 8.1.0; CUBOT_P20) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/75.0.3770.101 Mobile Safari/537.36",
        id="CUBOT P20",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19 Build/PPR1.180610.011) AppleWebKit/537.36 (KHTML, "
        "like Gecko) Version/4.0 Chrome/83.0.4103.106 Mobile Safari/537.36",
        id="CUBOT X19 in a web view",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; U; Android 2.3.6; en-gb; GT-S5830 Build/GINGERBREAD) AppleWebKit/533.1 "
        "(KHTML, like Gecko) Version/4.0 Mobile Safari/533.1",
        id="Android 2.3",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; U; Android 4.1.2; en-gb; GT-I9300 Build/JZO54K) AppleWebKit/534.30 (KHTML, "
        "like Gecko) Version/4.0 Mobile Safari/534.30",
        id="Android 4.1",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 13; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
        "SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
        id="Samsung Internet",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; U; Android 10; en-US; RMX2030 Build/QKQ1.200209.002) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Version/4.0 Chrome/78.0.3904.108 UCBrowser/13.4.0.1306 Mobile Safari/537.36",
        id="UC Browser",
    ),
    pytest.param(
        "UCWEB/2.0 (MIDP-2.0; U; Adr 9.0; en-US; Redmi_Note_5) U2/1.0.0 UCBrowser/10.7.6.805 U2/1.0.0 Mobile",
        id="UC Browser for small phones",
    ),
    pytest.param(
        "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS; Opera Mobi/23.348; U; en) Presto/2.5.25 Version/10.54",
        id="Opera Mini on Java",
    ),
    pytest.param(
        "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; en) Presto/2.12.423 Version/12.16",
        id="Opera Mini on Android",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; U; Android 12; SM-A125F Build/SP1A.210812.016; wv) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Version/4.0 Chrome/111.0.5563.116 Mobile Safari/537.36 OPR/68.0.2254.66564",
        id="Opera on Samsung",
    ),
    pytest.param(
        "Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
        id="KaiOS Nokia",
    ),
    pytest.param(
        "Mozilla/5.0 (Mobile; LYF/F220B/LYF-F220B-003-01-15-130718; Android; rv:48.0) Gecko/48.0 "
        "Firefox/48.0 KAIOS/2.5.4",
        id="KaiOS Jio",
    ),
    pytest.param(
        "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
        id="Android Firefox",
    ),
    pytest.param(
        "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063",
        id="Windows Phone",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-NX9; HMSCore 6.11.0.302) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/99.0.4844.88 HuaweiBrowser/13.0.5.303 Mobile Safari/537.36",
        id="Huawei",
    ),
    pytest.param(
        "Mozilla/5.0 (BB10; Touch) AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.0.9.2372 Mobile Safari/537.10+",
        id="BlackBerry 10",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Version/4.0 Chrome/120.0.6099.144 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/445.0.0.34.118;]",
        id="Facebook on Android",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/15E148 "
        "[FBAN/FBIOS;FBAV/444.0.0.30.106;FBBV/546393422;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.2;F"
        "BSS/3;FBID/phone;FBLC/en_GB;FBOP/5]",
        id="Facebook on iPhone",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/21B74 Instagram 312.0.0.12.123 (iPhone14,5; iOS 17_1; en_GB; en; scale=3.00; "
        "1170x2532; 545461375)",
        id="Instagram on iPhone",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 13; Pixel 7 Build/TQ3A; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Version/4.0 Chrome/118.0.0.0 Mobile Safari/537.36 Instagram 305.0.0.34.110 Android (33/13; "
        "420dpi; 1080x2201; Google/google; Pixel 7; panther; panther; en_GB; 532277397)",
        id="Instagram on Android",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/15E148 MicroMessenger/8.0.44(0x18002c2f) NetType/WIFI Language/en",
        id="WeChat",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) GSA/291.0.585 Mobile/15E148 Safari/604.1",
        id="Google app on iPhone",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/15E148 BytedanceWebview/d8a21c6 musical_ly_32.0.0 JsSdk/2.0 NetType/WIFI "
        "Channel/App Store",
        id="TikTok",
    ),
    pytest.param(
        "NokiaC3-00/5.0 (08.63) Profile/MIDP-2.1 Configuration/CLDC-1.1 Mozilla/5.0 AppleWebKit/420+ "
        "(KHTML, like Gecko) Safari/420+",
        id="Nokia of 2010",
    ),
    pytest.param(
        "BlackBerry9700/5.0.0.862 Profile/MIDP-2.1 Configuration/CLDC-1.1 VendorID/331 UNTRUSTED/1.0",
        id="BlackBerry of 2010",
    ),
    pytest.param(
        "Mozilla/5.0 (iPod touch; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/604.1.34 (KHTML, like "
        "Gecko) Version/11.0 Mobile/15A5341f Safari/604.1",
        id="iPod",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
        "Mobile DuckDuckGo/5 Safari/537.36",
        id="DuckDuckGo on Android",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Version/17.1 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
        id="DuckDuckGo on iPhone",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/15E148 Snapchat/12.60.0.52 (like Safari/8617.1.17.10.9, panda)",
        id="Snapchat",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/15E148 [Pinterest/iOS]",
        id="Pinterest",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 13; SM-A546B Build/TP1A; wv) AppleWebKit/537.36 (KHTML, like "
        "Gecko) Version/4.0 Chrome/119.0.6045.193 Mobile Safari/537.36 GoogleApp/14.47.29.29.arm64",
        id="Google app on Android",
    ),
]
TABLET = [
    pytest.param(
        "Mozilla/5.0 (Android 14; Tablet; rv:132.0) Gecko/132.0 Firefox/132.0",
        id="Android Firefox on a tablet",
    ),
    pytest.param(
        "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/12.1.2 Mobile/15E148 Safari/604.1",
        id="iPad that says so",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/119.0.0.0 Safari/537.36",
        id="Samsung tablet",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.6 "
        "like Chrome/108.0.5359.160 Safari/537.36",
        id="Amazon Fire",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 11; Lenovo TB-X306F) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/96.0.4664.45 Safari/537.36",
        id="Lenovo tablet",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 9; SAMSUNG SM-T510) AppleWebKit/537.36 (KHTML, like Gecko) "
        "SamsungBrowser/11.0 Chrome/75.0.3770.143 Safari/537.36",
        id="Samsung tablet with Samsung Internet",
    ),
]
COMPUTER = [
    pytest.param(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/131.0.0.0 Safari/537.36",
        id="Windows Chrome",
    ),
    pytest.param(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
        id="Windows Edge",
    ),
    pytest.param(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
        id="Windows Firefox",
    ),
    pytest.param(
        "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
        id="Internet Explorer 11",
    ),
    pytest.param(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/18.1 Safari/605.1.15",
        id="Mac Safari, and iPads that ask for desktop pages",
    ),
    pytest.param(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
        id="Linux Chrome",
    ),
    pytest.param(
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        id="Ubuntu Firefox",
    ),
    pytest.param(
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/131.0.0.0 Safari/537.36",
        id="Chromebook",
    ),
    pytest.param(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Teams/1.6.00.4472 Chrome/102.0.5005.167 Electron/19.1.8 Safari/537.36",
        id="page opened inside Teams",
    ),
]
AUTOMATED = [
    pytest.param(
        "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) "
        "SamsungBrowser/4.0 Chrome/76.0.3809.146 TV Safari/537.36",
        id="television",
    ),
    pytest.param(
        "Mozilla/5.0 (PlayStation 5 3.11) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15",
        id="PlayStation",
    ),
    pytest.param(
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        id="Slackbot",
    ),
    pytest.param(
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
        id="Teams and Skype preview",
    ),
    pytest.param(
        "WhatsApp/2.23.20.0 A",
        id="WhatsApp on Android preview",
    ),
    pytest.param(
        "WhatsApp/2.2336.9 N",
        id="WhatsApp on a computer preview",
    ),
    pytest.param(
        "Twitterbot/1.0",
        id="Twitterbot",
    ),
    pytest.param(
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        id="Facebook preview",
    ),
    pytest.param(
        "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
        id="Meta crawler",
    ),
    pytest.param(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
        "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        id="iMessage preview",
    ),
    pytest.param(
        "TelegramBot (like TwitterBot)",
        id="Telegram preview",
    ),
    pytest.param(
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        id="Discord preview",
    ),
    pytest.param(
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        id="LinkedIn preview",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like "
        "Gecko) Chrome/131.0.6778.69 Mobile Safari/537.36 (compatible; Googlebot/2.1; "
        "+http://www.google.com/bot.html)",
        id="Googlebot smartphone",
    ),
    pytest.param(
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        id="bingbot",
    ),
    pytest.param(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 8_3 like Mac OS X) AppleWebKit/600.1.4 (KHTML, like Gecko) "
        "Version/8.0 Mobile/12F70 Safari/600.1.4 (compatible; Applebot/0.1; "
        "+http://www.apple.com/go/applebot)",
        id="Applebot",
    ),
    pytest.param(
        "curl/8.5.0",
        id="curl",
    ),
    pytest.param(
        "Wget/1.21.3",
        id="Wget",
    ),
    pytest.param(
        "python-requests/2.31.0",
        id="requests",
    ),
    pytest.param(
        "python-httpx/0.27.0",
        id="httpx",
    ),
    pytest.param(
        "Python/3.11 aiohttp/3.9.1",
        id="aiohttp",
    ),
    pytest.param(
        "Python-urllib/3.11",
        id="urllib",
    ),
    pytest.param(
        "Go-http-client/2.0",
        id="Go",
    ),
    pytest.param(
        "okhttp/4.12.0",
        id="okhttp",
    ),
    pytest.param(
        "Dalvik/2.1.0 (Linux; U; Android 13; SM-A536B Build/TP1A.220624.014)",
        id="Dalvik",
    ),
    pytest.param(
        "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
        id="node-fetch",
    ),
    pytest.param(
        "axios/1.6.2",
        id="axios",
    ),
    pytest.param(
        "node",
        id="node",
    ),
    pytest.param(
        "undici",
        id="undici",
    ),
    pytest.param(
        "Java/17.0.9",
        id="Java",
    ),
    pytest.param(
        "Apache-HttpClient/4.5.14 (Java/17.0.9)",
        id="Apache HttpClient",
    ),
    pytest.param(
        "Dart/3.2 (dart:io)",
        id="Dart",
    ),
    pytest.param(
        "PostmanRuntime/7.35.0",
        id="Postman",
    ),
    pytest.param(
        "libwww-perl/6.67",
        id="libwww-perl",
    ),
    pytest.param(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0.0.0 Safari/537.36",
        id="headless Chrome",
    ),
    pytest.param(
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        id="UptimeRobot",
    ),
    pytest.param(
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
        id="Pingdom",
    ),
    pytest.param(
        "Mozilla/5.0 (compatible; StatusCake)",
        id="StatusCake",
    ),
    pytest.param(
        "Site24x7",
        id="Site24x7",
    ),
    pytest.param(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/60.0.3112.113 Safari/537.36 PingdomPageSpeed/1.0 (pingbot/2.0; +http://www.pingdom.com/)",
        id="Pingdom page speed",
    ),
    pytest.param(
        "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-GB) WindowsPowerShell/5.1.19041.3570",
        id="PowerShell",
    ),
    pytest.param(
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        id="Office",
    ),
    pytest.param(
        "Microsoft Office Word 2014 (16.0.4266; Windows NT 10.0)",
        id="Word",
    ),
    pytest.param(
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro)",
        id="Outlook",
    ),
    pytest.param(
        "MobileSafari/604.1 CFNetwork/1410.0.3 Darwin/22.6.0",
        id="Safari fetching icons",
    ),
    pytest.param(
        "com.apple.WebKit.Networking/8617.1.17.10.9 CFNetwork/1490.0.4 Darwin/23.2.0",
        id="Apple web view's own requests",
    ),
    pytest.param(
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0); 360Spider",
        id="360Spider",
    ),
    pytest.param(
        "GPTBot/1.0",
        id="GPTBot",
    ),
    pytest.param(
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ChatGPT-User/1.0; +https://openai.com/bot)",
        id="ChatGPT",
    ),
    pytest.param(
        "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/119.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
        id="Lighthouse",
    ),
    pytest.param(
        "Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)",
        id="Google Plus preview",
    ),
    pytest.param(
        "Mozilla/5.0 (en-us) AppleWebKit/534.14 (KHTML, like Gecko; Google Wireless Transcoder) "
        "Chrome/9.0.597 Safari/534.14",
        id="Google Wireless Transcoder",
    ),
    pytest.param(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/41.0.2272.118 "
        "Safari/537.36 (compatible; Google-Safety; +http://www.google.com/bot.html)",
        id="Google Safe Browsing",
    ),
    pytest.param(
        "Mozilla/5.0",
        id="only Mozilla",
    ),
    pytest.param(
        "Mozilla/5.0 (compatible)",
        id="compatible with nothing",
    ),
    pytest.param(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) PhantomJS/2.1.1",
        id="PhantomJS",
    ),
]
UNSAID = [
    pytest.param(None, id="none at all"),
    pytest.param("   ", id="only spaces"),
    pytest.param("\x00", id="a NUL"),
    pytest.param("\udce9" * 3, id="bytes that are no text"),
    pytest.param("Mozilla/5.0 (" * 1000, id="very long"),
    pytest.param("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", id="a computer but no browser"),
    pytest.param("x" * 600 + " (iPhone) Safari", id="a phone after the part we read"),
]


@pytest.mark.parametrize("user_agent", PHONE)
def test_phones(user_agent):
    assert agents.kind(user_agent) == Agent("phone", automated=False)


@pytest.mark.parametrize("user_agent", TABLET)
def test_tablets(user_agent):
    assert agents.kind(user_agent) == Agent("tablet", automated=False)


@pytest.mark.parametrize("user_agent", COMPUTER)
def test_computers(user_agent):
    assert agents.kind(user_agent) == Agent("computer", automated=False)


@pytest.mark.parametrize("user_agent", AUTOMATED + UNSAID)
def test_nobody_is_holding_it(user_agent):
    assert agents.kind(user_agent) == Agent("other", automated=True)


def test_one_that_the_server_could_not_read_is_a_persons():
    assert agents.kind("") == Agent("other", automated=False)


@pytest.mark.parametrize("user_agent", PHONE + TABLET + COMPUTER)
def test_the_fast_reader_says_what_user_agents_own_reader_says(user_agent):
    ours, theirs = agents._readers().read(user_agent), user_agents.parse(user_agent)
    for part in ("browser", "os", "device", "is_mobile", "is_tablet", "is_pc", "is_bot"):
        assert getattr(ours, part) == getattr(theirs, part)


def test_every_crawler_on_the_list_is_automated():
    known = [agent for entry in crawleruseragents.CRAWLER_USER_AGENTS_DATA for agent in entry.get("instances", [])]
    assert len(known) > 1000
    missed = [agent for agent in known if crawleruseragents.is_crawler(agent) and not agents.kind(agent).automated]
    assert missed == []


@given(st.text(max_size=600))
def test_any_text_gets_an_answer(user_agent):
    answer = agents.kind(user_agent)
    assert answer.device in agents.DEVICES
    assert answer.automated or answer.device != agents.OTHER or not user_agent


def test_a_flood_of_never_seen_agents_is_cheap():
    agents.warm()
    flood = [f"{parameter.values[0]} Extra/{number}" for number in range(10) for parameter in PHONE + AUTOMATED]
    # Some 50 calls each, where the reader that user_agents comes with makes 1,800; `make bench` has the time.
    assert calls(lambda: [agents.kind(user_agent) for user_agent in flood]) / len(flood) < 100


@pytest.mark.processes
def test_loading_the_module_loads_no_parser():
    heavy = "user_agents", "ua_parser", "crawleruseragents"
    program = f"import sys, qrbridge.counting.agents; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip() == "[]"


def test_what_is_remembered_is_bounded():
    assert agents._kind.cache_info().maxsize == 10_000
