"""Who runs the mailbox behind an address: the large providers, each with the domains that are known to be its own."""

from collections.abc import Mapping

OTHER = "other"

# As lists have them most; a domain of one's own that is kept at one of these is "other": addresses do not say.
_DOMAINS: Mapping[str, str] = {
    "gmail": "gmail.com googlemail.com",
    "microsoft": "outlook.com outlook.jp hotmail.com hotmail.co.jp hotmail.co.uk hotmail.fr hotmail.de hotmail.it "
    "hotmail.es live.com live.jp live.co.uk live.fr live.nl msn.com outlook.fr outlook.de outlook.es",
    "yahoo": "yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca yahoo.co.in yahoo.com.br ymail.com "
    "rocketmail.com aol.com aol.de aol.fr",
    "yahoo-japan": "yahoo.co.jp ybb.ne.jp",
    "icloud": "icloud.com me.com mac.com",
    "docomo": "docomo.ne.jp",
    "au": "ezweb.ne.jp au.com uqmobile.jp",
    "softbank": "softbank.ne.jp i.softbank.jp ymobile.ne.jp disney.ne.jp vodafone.ne.jp",
    "rakuten": "rakuten.jp rakumail.jp",
    "nifty": "nifty.com",
    "ocn": "ocn.ne.jp",
    "gmx": "gmx.de gmx.net gmx.at gmx.ch gmx.com web.de mail.com",
    "proton": "proton.me protonmail.com protonmail.ch pm.me",
    "orange": "orange.fr wanadoo.fr",
    "comcast": "comcast.net",
    "zoho": "zoho.com zohomail.com",
    "yandex": "yandex.ru yandex.com ya.ru",
    "mail-ru": "mail.ru bk.ru list.ru inbox.ru",
    "qq": "qq.com foxmail.com",
    "netease": "163.com 126.com yeah.net",
    "naver": "naver.com",
}
_PROVIDERS: Mapping[str, str] = {
    domain: provider for provider, domains in _DOMAINS.items() for domain in domains.split()
}


def provider_of(address: str) -> str:
    """The provider's word, `gmail` or `docomo`, for a canonical address; OTHER for all that are not known."""
    return _PROVIDERS.get(address.rpartition("@")[2], OTHER)
