"""The words by which people name a kind of request, as alternatives of one pattern each; text is in small letters."""

from rules.catalogue import Kind

DEVICE = (
    "(?:laptop|printer|monitor|keyboard|mouse|docking station|hard (?:disk|drive)|router|scanner|headset|webcam"
    "|desktop pc)s?"
)
PLATFORM = (
    "(?:azure|microsoft|microsoft 365|office 365|m365|exchange online|our (?:network|internet|vpn|wi-?fi|server))"
)
PIECE = (
    "(?:field|label|column|view|form|tab|section|button|option ?set|drop ?down|picklist|caption|title|layout|colou?r"
    "|sort order|template|dashboard|chart)s?"
)
SETTING = (
    "(?:workflow|flow|field|form|view|role|solution|setting|configuration|business rule|entity|entities|column"
    "|template|table|option ?set|automation)s?"
)
THING = "(?:entity|table|form|workflow|flow|integration|app|portal|module|feature|functionality|interface)s?"

OBJECTS: dict[Kind, tuple[str, ...]] = {
    # What a request is about. It stays about that, whatever is asked or wrong.
    Kind.POWER_BI: ("power ?-?bi", "pbix"),
    Kind.SSRS_REPORT: (
        "ssrs",
        "reporting services",
        "paginated reports?",
        "rdl",
        "report server",
        "rsprocessingaborted",
    ),
    Kind.UNSUPPORTED_BROWSER: (
        "(?:unsupported|outdated|obsolete|old) browsers?",
        "browser (?:version )?(?:is|that is|is just) (?:not|no longer) supported",
        "browser isn't supported",
        "internet explorer",  # which browsers are supported is not published, but Microsoft itself has retired this one
        "ie ?(?:[6-9]|1[01])",
    ),
    Kind.HARDWARE: (
        "hardware",
        rf"(?:my|our|the|a|this) (?:\w+ )?{DEVICE} (?:(?:is|are|has|have|keeps|just|does ?n.t|won't) )*"
        r"(?:broken|broke|dead|died|turn|start|boot|power|charg|crash|print|jam|offline|fail|overheat)\w*",
        rf"(?:replace|repair|order|buy|install) (?:(?:my|our|the|a|new) ){{1,2}}{DEVICE}",
        rf"{PLATFORM} (?:is|are|was|seems?|looks) (?:\w+ )?(?:down|offline|unavailable|unreachable)",
        rf"{PLATFORM} outage",
    ),
    Kind.CUSTOM_PLUGIN: ("plug-? ?ins?", "custom (?:code|javascript|scripts?|assembly|assemblies)"),
}

FOREIGN = ("(?:outlook|excel|word|browser|chrome|edge|firefox|adobe|wordpress|teams|zoom) plug-? ?ins?",)
"""Plug-ins of other programs are nobody's custom code (W35)."""

WISHES: dict[Kind, tuple[str, ...]] = {
    # What is asked for. Two at once, or trouble besides, leave it open.
    Kind.HOW_DO_I: (
        "how (?:do|can|could|would|should|does) (?:i|we|you|one|someone|users?)",
        "how to",
        "(?:show|tell|teach) (?:me|us) how",
        "where (?:do|can|could) (?:i|we|you) (?:find|see|change|set|add|get)",
        "is there (?:a|any) way to",
        "what(?:'s| is) the (?:best|easiest|quickest|right|correct) way to",
    ),
    Kind.PROJECT: (
        "phase (?:2|two|ii)",
        "implementation project",
        r"migrate (?:(?:all|our|the|us) )+\w+",
        "data migration",
        r"roll(?:ed|ing)? ?out to (?:\w+ )?(?:new|other|another)",
    ),
    Kind.ARCHITECTURE_CHANGE: (
        r"(?:re-?design|re-?structure|re-?model|re-?architect|change|rework)(?:ing)? (?:our|the|your) (?:\w+ )?"
        "(?:architecture|(?:data|security|entity) model|solution design|database|schema)",
    ),
    Kind.PROCESS_ADVICE: (
        r"(?:advise|advice|recommendations?|guidance|suggestions?|best practices?) (?:(?:us|me) )?(?:on|about|for|how)"
        r" (?:\w+ ){0,3}process(?:es)?",
        r"(?:review|rethink|improve|optimi[sz]e|map|streamline) (?:our|the) (?:\w+ ){0,2}process(?:es)?",
    ),
    Kind.TRAINING: (
        "training (?:session|course|day|class|classe|plan)s?",
        "(?:need|want|book|get|like|arrange|offer|schedule) (?:(?:some|a|more|user|staff) ){0,2}training",
        "train (?:our|my|the|us|new)",
        "training (?:for|on) (?:our|my|the|new)",
    ),
    Kind.CONSULTING: ("consulting", "consultations?", "consultancy", "(?:speak|talk) (?:to|with) a consultant"),
    Kind.OUT_OF_SCOPE_CHANGE: (
        "(?:build|create|develop|implement|design|make|need|want) (?:(?:us|me|a|an|some|brand) ){0,2}new "
        rf"(?:\w+ ){{0,2}}?{THING}",
    ),
    Kind.TWEAK: (
        "tweaks?",
        "(?:rename|relabel|re-?order|hide|unhide|move|re-?size|swap|re-?arrange|adjust|remove|change|update)"
        rf" (?:a|an|the|this|that|our|one|two|some) (?:[\w'\"-]+ ){{0,4}}?{PIECE}",
        r"add (?:a|an|the|one|another) (?:\w+ ){0,3}?(?:field|column|button|tab) (?:to|on|in) (?:a|an|the|our|this)",
    ),
}

TROUBLE = (
    "errors?",
    "exceptions?",
    "bugs?",
    "broken?",
    "breaks",
    r"crash\w*",
    "fail(?:s|ed|ing|ure|ures)?",
    "froze|frozen|freez(?:es|ing)|hangs|stuck|corrupt(?:ed)?",
    "(?:time[sd]?|timing) ?out|timeouts?",
    "wrong|disappeared|vanished|blank page|nothing happens",
    "(?:is|are|went) (?:down|empty)",
    "(?:(?:isn't|aren't|won't|doesn't|don't|didn't|(?:is|are|does|do|did|will) not|not|never|no longer)"
    r" (?:\w+ )?|stopped )"
    "(?:work|load|sav|open|sync|send|sent|start|respond|updat|print|calculat|appear|receiv|display|play|render|refresh)"
    "(?:e|ed|s|ing)?",
    r"(?:can't|cannot|can not|couldn't|unable to) (?:\w+ )?"
    "(?:open|save|log|sign|access|send|see|edit|create|delete|update|load|run|use|sync|start|print|receive|assign)",
)

SELF_MADE = (
    r"(?:i|we|(?:my|our) (?:colleague|admin|administrator|team|it team|developer)) (?:\w+ ){0,2}?"
    r"(?:changed|edited|modified|deleted|removed|renamed|customi[sz]ed|deactivated|disabled|altered|reconfigured)"
    rf" (?:\w+ ){{0,4}}?{SETTING}",
)
"""The customer changed how the system is set up (W38), not merely some record in it."""

DENIED = (
    r"(?:not|n't) (?:a|an|about|in|on|our|the|using|related to|from) (?:\w+ ){0,2}?",
    r"(?:no|without|nothing to do with|unrelated to|rather than|instead of|other than|apart from) (?:\w+ )?",
)
"""Right before a word, or few words off: it is not meant."""

FINE = (r"(?:\w+ ){0,2}?works? (?:fine|ok|well)", r"(?:\w+ ){0,2}?(?:is|are) (?:fine|ok|not affected|unaffected)")
"""Right after a word: that is not what the trouble is about."""

DOUBTFUL = ("reports?",)
"""Most reports in a CRM are SSRS, not all: a person looks, unless the provider's own words say what one is."""

VERB_BEFORE = ("to|i|we|must|please|can|you",)
VERB_AFTER = ("a|an|the|this|that|these|it|any|every|all",)
"""Around a word that is no noun here: "we want to report a fault"."""
