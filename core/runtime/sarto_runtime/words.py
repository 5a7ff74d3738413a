"""What the page of features and the terminal say themselves, in each language; a build's sentences stay as they are.

``{named}`` stands for features with their states, ``{state}`` for one state. Of a build's sentences those are
here, too, that nearly every build has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .build import Value
from .look import wider

__all__ = ["ENGLISH", "KNOWN_SENTENCES", "LANGUAGES", "Words", "accepted", "words_for"]

LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "on": "on",
        "off": "off",
        "named": "'{name}' {state}",
        "becomes": "{name}: {state} from the next start",
        "becomes_sooner": "{name}: {state} from the next start, sooner where it runs and follows",
        "is_now": "{name}: {state} now in process {process}, and from the next start",
        "features": "Features",
        "yours": "Yours to switch",
        "fixed": "In the product, and fixed",
        "missing": "Not in the product",
        "none_open": "No feature of this product is open to you.",
        "ask": "What is not in this build can be had with another one: ask whoever gave you this product.",
        "get_licence": "With a licence that covers it you can switch it on; this takes the vendor's file: {command}",
        "decided_vendor": "Decided by the vendor:",
        "decided_customer": "Decided by the customer:",
        "decided_user": "It cannot be switched:",
        "goes_along": "It goes on and off with features that are yours:",
        "you_switched": "you switched it {state}; the build starts with it {before}",
        "went_along": "it goes with features that you switched; the build starts with it {before}",
        "went_unlicensed": "it goes with features that no licence covers; the build starts with it {before}",
        "at_once": "Changes at once in a running product that follows its switches, else at the next start.",
        "next_start": "Changes at the next start.",
        "switch_on": "Switch {name} on…",
        "switch_off": "Switch {name} off…",
        "not_on": "It cannot be switched on by itself:",
        "not_off": "It cannot be switched off by itself:",
        "never_on": "It cannot be switched on as things stand:",
        "never_off": "It cannot be switched off as things stand:",
        "running": "Running now",
        "process": "Process {process}, version {version}, takes over what can change at once.",
        "no_process": "No running product is known that follows its switches: they count from the next start.",
        "lag": "In process {process} '{name}' is still {state}:",
        "lag_start": "it changes at the next start",
        "lag_together": "it waits for the next start, together with features that change only then",
        "lag_looks": "it looks every {detail} seconds, and has not looked yet",
        "find": "Find a feature",
        "find_button": "Find",
        "found": "{number} of {all} features",
        "title_switch": "Switch {named}?",
        "follows": "What follows",
        "nothing": "Nothing changes.",
        "do_switch": "Switch {named}",
        "refused": "{named} would break this product's rules:",
        "together": "It would go together with",
        "see_all": "See what follows from all of these",
        "back": "Back, and change nothing",
        "back_to": "Back to the features",
        "cannot": "This cannot be done",
        "wrong": "Something went wrong",
        "bug": "Something went wrong; the terminal says what.",
        "closed": "Open the address that the terminal shows.",
        "unreadable": "This cannot be read.",
        "no_page": "There is no such page.",
        "no_length": "How long the form is has to be said.",
        "too_long": "The form is too long.",
        "address": "switch features at {address} (Ctrl-C ends it)",
        "the line's default": "the line's default",
        "left out by the line's default": "left out by the line's default",
        "nothing asks for it": "nothing asks for it",
    },
    "it": {
        "on": "attiva",
        "off": "non attiva",
        "named": "«{name}» {state}",
        "becomes": "{name}: {state} dal prossimo avvio",
        "becomes_sooner": "{name}: {state} dal prossimo avvio, o prima dove è in funzione e ne tiene conto",
        "is_now": "{name}: {state} ora nel processo {process}, e dal prossimo avvio",
        "features": "Caratteristiche",
        "yours": "Decidi tu",
        "fixed": "Nel prodotto, e fissate",
        "missing": "Non nel prodotto",
        "none_open": "Nessuna caratteristica di questo prodotto è lasciata a te.",
        "ask": "Ciò che manca in questo prodotto si può avere con un altro: chiedi a chi te lo ha dato.",
        "get_licence": "Con una licenza che la comprende la puoi attivare; così si dà il file del fornitore: {command}",
        "decided_vendor": "Deciso dal fornitore:",
        "decided_customer": "Deciso dal cliente:",
        "decided_user": "Non si può cambiare:",
        "goes_along": "Cambia insieme a caratteristiche che decidi tu:",
        "you_switched": "cambiata da te: {state}; il prodotto parte con: {before}",
        "went_along": "segue caratteristiche cambiate da te; il prodotto parte con: {before}",
        "went_unlicensed": "segue caratteristiche senza licenza; il prodotto parte con: {before}",
        "at_once": "Cambia subito in un prodotto in funzione che ne tiene conto, altrimenti al prossimo avvio.",
        "next_start": "Cambia al prossimo avvio.",
        "switch_on": "Attivare {name}…",
        "switch_off": "Disattivare {name}…",
        "not_on": "Non si può attivare da sola:",
        "not_off": "Non si può disattivare da sola:",
        "never_on": "Così come stanno le cose non si può attivare:",
        "never_off": "Così come stanno le cose non si può disattivare:",
        "running": "In funzione ora",
        "process": "Il processo {process}, versione {version}, riprende ciò che può cambiare subito.",
        "no_process": "Non risulta in funzione un prodotto che ne tenga conto: un cambio conta dal prossimo avvio.",
        "lag": "Nel processo {process} «{name}» è ancora {state}:",
        "lag_start": "cambia al prossimo avvio",
        "lag_together": "attende il prossimo avvio, insieme a caratteristiche che cambiano solo allora",
        "lag_looks": "guarda ogni {detail} secondi, e non ha ancora guardato",
        "find": "Cerca una caratteristica",
        "find_button": "Cerca",
        "found": "{number} caratteristiche su {all}",
        "title_switch": "Cambiare: {named}?",
        "follows": "Che cosa ne segue",
        "nothing": "Non cambia nulla.",
        "do_switch": "Cambia: {named}",
        "refused": "{named}: andrebbe contro le regole di questo prodotto:",
        "together": "Sarebbe possibile insieme a",
        "see_all": "Vedi che cosa segue da tutto questo",
        "back": "Indietro, senza cambiare nulla",
        "back_to": "Indietro alle caratteristiche",
        "cannot": "Questo non si può fare",
        "wrong": "Qualcosa è andato storto",
        "bug": "Qualcosa è andato storto; il terminale dice che cosa.",
        "closed": "Apri l'indirizzo che il terminale mostra.",
        "unreadable": "Questo non si può leggere.",
        "no_page": "Questa pagina non c'è.",
        "no_length": "Manca la lunghezza del modulo.",
        "too_long": "Il modulo è troppo lungo.",
        "address": "le caratteristiche si cambiano su {address} (Ctrl-C per finire)",
        "the line's default": "predefinita nella linea di prodotti",
        "left out by the line's default": "esclusa di norma nella linea di prodotti",
        "nothing asks for it": "nulla la richiede",
    },
    "tr": {
        "on": "açık",
        "off": "kapalı",
        "named": "“{name}” {state}",
        "becomes": "{name}: bir sonraki açılıştan itibaren {state}",
        "becomes_sooner": "{name}: bir sonraki açılıştan itibaren {state}, çalışıp izleyen üründe daha önce",
        "is_now": "{name}: {process} numaralı süreçte şimdi ve bir sonraki açılıştan itibaren {state}",
        "features": "Özellikler",
        "yours": "Sizin seçtikleriniz",
        "fixed": "Üründe var ve sabit",
        "missing": "Üründe yok",
        "none_open": "Bu ürünün hiçbir özelliği seçiminize bırakılmamış.",
        "ask": "Bu üründe olmayanlar başka bir ürünle edinilebilir: ürünü size verene sorun.",
        "get_licence": "Kapsayan bir lisansla açabilirsiniz; satıcının dosyası şöyle verilir: {command}",
        "decided_vendor": "Satıcının kararı:",
        "decided_customer": "Müşterinin kararı:",
        "decided_user": "Değiştirilemez:",
        "goes_along": "Sizin seçtiğiniz özelliklerle birlikte değişir:",
        "you_switched": "siz değiştirdiniz: {state}; ürün şununla başlar: {before}",
        "went_along": "sizin değiştirdiğiniz özelliklerle birlikte değişti; ürün şununla başlar: {before}",
        "went_unlicensed": "lisanssız özelliklerle birlikte değişti; ürün şununla başlar: {before}",
        "at_once": "Çalışan ve izleyen üründe hemen, yoksa bir sonraki açılışta değişir.",
        "next_start": "Bir sonraki açılışta değişir.",
        "switch_on": "Aç: {name}…",
        "switch_off": "Kapat: {name}…",
        "not_on": "Tek başına açılamaz:",
        "not_off": "Tek başına kapatılamaz:",
        "never_on": "Şu durumda açılamaz:",
        "never_off": "Şu durumda kapatılamaz:",
        "running": "Şimdi çalışan",
        "process": "{process} numaralı süreç (sürüm {version}), hemen değişebilenleri uygular.",
        "no_process": "İzleyen, çalışan bir ürün bilinmiyor: değişiklikler bir sonraki açılıştan itibaren geçerlidir.",
        "lag": "{process} numaralı süreçte “{name}” hâlâ {state}:",
        "lag_start": "bir sonraki açılışta değişir",
        "lag_together": "ancak o zaman değişen özelliklerle birlikte bir sonraki açılışı bekliyor",
        "lag_looks": "{detail} saniyede bir bakıyor ve henüz bakmadı",
        "find": "Özellik ara",
        "find_button": "Ara",
        "found": "{all} özellikten {number} tanesi",
        "title_switch": "Değiştirilsin mi: {named}?",
        "follows": "Bunun sonucu",
        "nothing": "Hiçbir şey değişmez.",
        "do_switch": "Değiştir: {named}",
        "refused": "{named}: bu ürünün kurallarına aykırı olur:",
        "together": "Şunlarla birlikte olabilir",
        "see_all": "Hepsinin sonucuna bak",
        "back": "Geri, hiçbir şeyi değiştirmeden",
        "back_to": "Özelliklere geri",
        "cannot": "Bu yapılamaz",
        "wrong": "Bir şeyler ters gitti",
        "bug": "Bir şeyler ters gitti; ne olduğunu terminal söyler.",
        "closed": "Terminalin gösterdiği adresi açın.",
        "unreadable": "Bu okunamıyor.",
        "no_page": "Böyle bir sayfa yok.",
        "no_length": "Formun uzunluğu belirtilmemiş.",
        "too_long": "Form çok uzun.",
        "address": "özellikler şu adreste değiştirilir: {address} (Ctrl-C bitirir)",
        "the line's default": "ürün ailesinin olağan seçimi",
        "left out by the line's default": "ürün ailesinde olağan olarak dışarıda",
        "nothing asks for it": "isteyen bir şey yok",
    },
}


class Words(NamedTuple):
    """The texts of one language; ``tag`` is how its reader calls it: ``it-CH`` for ``it``."""

    language: str
    tag: str

    def say(self, key: str, **filled: object) -> str:
        """The text of a key, its places filled."""
        return LANGUAGES[self.language][key].format(**filled)

    def state(self, value: Value) -> str:
        """On, off, or a typed feature's value."""
        return self.say("on" if value else "off") if isinstance(value, bool) else str(value)

    def named(self, wanted: Mapping[str, bool]) -> str:
        """Features with their states, in one line."""
        return ", ".join(self.say("named", name=name, state=self.state(value)) for name, value in wanted.items())


ENGLISH = Words("en", "en")
KNOWN_SENTENCES = ("the line's default", "left out by the line's default", "nothing asks for it")


def words_for(languages: Sequence[str]) -> Words:
    """The words in the first of the ``languages`` (``it-CH``, for which ``it`` will do) that there are, or English."""
    return next(
        (Words(each, tag) for tag in languages for each in wider([tag]) if each in LANGUAGES),
        ENGLISH,
    )


def accepted(header: str) -> tuple[str, ...]:
    """The languages of an Accept-Language header, the most wanted first (RFC 9110, 12.5.4); rubbish is left out."""
    wanted: list[tuple[float, str]] = []
    for each in header.split(",")[:100]:
        found = re.fullmatch(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*[qQ]=([01](?:\.\d{0,3})?)\s*)?", each)
        if found and (quality := float(found[2] or 1)) > 0:
            wanted.append((-min(quality, 1.0), found[1]))
    return tuple(tag for _, tag in sorted(wanted, key=lambda each: each[0]))
