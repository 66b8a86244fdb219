"""The names of CSL 1.0.2: types of works, variables, parts of names and of dates."""

from __future__ import annotations

__all__ = ["DATES", "DATE_PARTS", "FIELDS", "LOCALES", "NAMES", "NAME_PARTS", "OWN", "TYPES"]

_TYPES = """
article article-journal article-magazine article-newspaper bill book broadcast chapter classic
collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing
interview legal_case legislation manuscript map motion_picture musical_score pamphlet
paper-conference patent performance periodical personal_communication regulation report review
review-book software song speech standard thesis treaty webpage
"""
_NAMES = """
author chair collection-editor compiler composer container-author contributor curator director
editor editor-translator editorial-director executive-producer guest host illustrator interviewer
narrator organizer original-author performer producer recipient reviewed-author script-writer
series-creator translator
"""
_DATES = "accessed available-date event-date issued original-date submitted"
_TEXTS = """
abstract annote archive archive-place archive_collection archive_location authority call-number
chapter-number citation-key collection-number collection-title container-title
container-title-short dimensions division DOI edition event event-place event-title genre ISBN ISSN
issue journalAbbreviation jurisdiction keyword language license medium note number number-of-pages
number-of-volumes original-publisher original-publisher-place original-title page page-first
part-number part-title PMCID PMID printing-number publisher publisher-place references
reviewed-genre reviewed-title scale section shortTitle source status supplement-number title
title-short URL version volume volume-title volume-title-short year-suffix
"""
_NAME_PARTS = """
family given suffix non-dropping-particle dropping-particle literal comma-suffix static-ordering
parse-names
"""
# Of several of a language the first one is meant.
_LOCALES = """
af-ZA ar bg-BG ca-AD cs-CZ cy-GB da-DK de-DE de-AT de-CH el-GR en-US en-GB es-ES es-CL es-MX et-EE
eu fa-IR fi-FI fr-FR fr-CA gl-ES he-IL hi-IN hr-HR hu-HU hy-AM id-ID is-IS it-IT ja-JP km-KH ko-KR
la lij-IT lt-LT lv-LV mn-MN ms-MY nb-NO nl-NL nn-NO pl-PL pt-PT pt-BR ro-RO ru-RU sk-SK sl-SI sr-RS
sv-SE th-TH tr-TR uk-UA vi-VN zh-CN zh-TW
"""

TYPES = frozenset({"post", "post-weblog", *_TYPES.split()})
NAMES = frozenset(_NAMES.split())
DATES = frozenset(_DATES.split())
# What is no text that a style prints: who knows the work by what, and what managers add.
OWN = frozenset({"id", "type", "categories", "custom"})
FIELDS = NAMES | DATES | OWN | frozenset(_TEXTS.split())
NAME_PARTS = frozenset(_NAME_PARTS.split())
DATE_PARTS = frozenset({"date-parts", "circa", "season", "literal", "raw"})
LOCALES = _LOCALES.split()
