"""The words by which people name a kind of request, as alternatives of one pattern each; text is in small letters."""

from rules.catalogue import Kind

DEVICE = (
    "(?:laptop|printer|monitor|keyboard|mouse|docking station|hard (?:disk|drive)|router|scanner|headset|webcam"
    "|desktop pc)s?"
)
MICROSOFT = "(?:azure|microsoft|microsoft 365|office 365|m365|exchange online)"
GONE = r"(?:is|are|was|seems?|looks) (?:\w+ )?(?:down|offline|unavailable|unreachable)"
OUTAGE = (
    rf"{MICROSOFT} {GONE}",
    rf"is {MICROSOFT} (?:down|offline|unavailable)",
    rf"{MICROSOFT} (?:(?:has|have|had) (?:an? )?)?outage",
    rf"outage (?:at|of|in|with) {MICROSOFT}",
)
"""Trouble of Microsoft's own, which Microsoft tells of."""
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
    Kind.POWER_BI: ("power ?-?bi", "pbi(?:x)?"),
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
        "browser is unsupported",
        "internet explorer",  # which browsers are supported is not published, but Microsoft itself has retired this one
        "ie ?(?:[6-9]|1[01])",
    ),
    Kind.HARDWARE: (
        "hardware",
        rf"(?:my|our|the|a|this) (?:\w+ )?{DEVICE} (?:(?:is|are|has|have|keeps|just|does ?n.t|won't) )*"
        r"(?:broken|broke|dead|died|turn|start|boot|power|charg|crash|print|jam|offline|fail|overheat)\w*",
        rf"{DEVICE} (?:is |does |has )?(?:not|n.t|doesn't|isn't|won't|no longer|stopped) "
        r"(?:work|print|charg|start|turn|boot|respond)\w*",
        rf"{DEVICE} (?:is |are )?broken",
        rf"(?:replace|repair|order|buy|install) (?:(?:my|our|the|a|new) ){{1,2}}{DEVICE}",
        rf"our (?:network|internet|vpn|wi-?fi|server) {GONE}",
        *OUTAGE,
    ),
    Kind.CUSTOM_PLUGIN: (
        "plug-? ?ins?",
        r"custom (?:\w+ )?(?:code|javascript|scripts?|assembly|assemblies|web ?resources?)",
    ),
}

UPDATE = (
    r"(?:please|(?:can|could|would|will) you|(?:want|need|like) you to) (?:\w+ )?"
    r"(?:update|upgrade|install|carry out|perform|do|make) (?:(?:our|the|a|this) )?(?:version )?"
    r"(?:update|upgrade|(?:latest|new|newest|next|current) version"
    r"|(?:the product|crm|system|application|software|installation|version) to the \w+ (?:version|release))",
)
"""Somebody is asked to carry out a version update (T11); trouble after one is trouble."""

BROWSERS = {
    # As people name them; which are supported is for a provider to say.
    "chrome": ("chrome",),
    "edge": ("(?:microsoft|ms|in|on|with|using) edge", "edge(?= browser)"),
    "explorer": ("internet explorer", "ie ?(?:[6-9]|1[01])"),
    "firefox": ("firefox",),
    "opera": ("opera",),
    "safari": ("safari",),
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
        r"roll(?:ed|ing)? ?out (?:\w+ ){0,3}?to (?:\w+ )?(?:new|other|another)",
    ),
    Kind.ARCHITECTURE_CHANGE: (
        r"(?:re-?design|re-?structure|re-?model|re-?architect|change|rework)(?:ing)? (?:our|the|your) (?:\w+ )?"
        "(?:architecture|(?:data|security|entity) model|solution design|database|schema)",
        r"(?:re-?structure|re-?model|re-?build) (?:our|the) (?:\w+ )?(?:entities|security roles)",
        r"(?:review|reviewing|review of) (?:our|the) (?:\w+ )?(?:architecture|solution design|data model)",
        r"(?:merge|split|consolidate) our (?:\w+ ){0,2}(?:instances|environments|organi[sz]ations)",
    ),
    Kind.PROCESS_ADVICE: (
        r"(?:advise|advice|recommendations?|guidance|suggestions?|best practices?) (?:(?:us|me) )?(?:on|about|for|how)"
        r" (?:\w+ ){0,3}process(?:es)?",
        r"(?:how|which|what) (?:\w+ ){0,2}should we (?:\w+ ){0,2}(?:our|the) (?:\w+ ){0,2}process(?:es)?",
        "which process should we",
        r"(?:review|rethink|improve|optimi[sz]e|map|streamline) (?:our|the) (?:\w+ ){0,2}process(?:es)?",
    ),
    Kind.TRAINING: (
        "training (?:session|course|day|class|classe|plan)s?",
        "(?:need|want|book|get|like|arrange|offer|schedule|give|provide) (?:us |me )?"
        "(?:(?:some|a|more|user|staff) ){0,2}training",
        "teach (?:our|my|the|new) (?:(?:new|whole) )?(?:users?|team|staff|people|colleagues|employees)",
        "train (?:our|my|the|us|new)",
        "training (?:for|on) (?:our|my|the|new)",
    ),
    Kind.CONSULTING: (
        "consulting",
        "consultations?",
        "consultancy",
        "(?:speak|talk) (?:to|with) a consultant",
        "(?:send|book) (?:us )?a consultant",
    ),
    Kind.OUT_OF_SCOPE_CHANGE: (
        "(?:add|build|create|develop|implement|design|make|need|want|like) (?:(?:us|me|a|an|some|brand) ){0,2}new "
        rf"(?:\w+ ){{0,2}}?{THING}",
        "(?:integrate|connect) (?:our |the )?(?:crm|dynamics)(?: 365)? (?:with|to)",
    ),
    Kind.TWEAK: (
        "tweaks?",
        "(?:rename|relabel|re-?order|hide|unhide|move|re-?size|swap|re-?arrange|adjust|remove|change|update)"
        rf" (?:a|an|the|this|that|our|one|two|some) (?:[\w'\"-]+ ){{0,4}}?{PIECE}",
        r"add (?:a|an|the|one|another) (?:\w+ ){0,3}?(?:field|column|button|tab|option|choice) (?:to|on|in)"
        " (?:a|an|the|our|this)",
        rf"make (?:a|an|the|this|that|our) (?:[\w'\"-]+ ){{0,4}}?{PIECE} "
        "(?:mandatory|required|optional|read-?only|hidden|visible|wider|bigger|smaller)",
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
    "(?:is|are|went|got) (?:(?:very|so|too|really|extremely) )?(?:down|empty|slow)",
    "nothing works|does nothing|access denied",
    "(?:(?:isn't|aren't|won't|doesn't|don't|didn't|(?:is|are|does|do|did|will) not|not|never|no longer)"
    r" (?:\w+ )?|stopped )"
    "(?:work|load|sav|open|sync|send|sent|start|respond|updat|print|calculat|appear|receiv|display|play|render|refresh|fire|firing|trigger|track)"
    "(?:e|ed|s|ing)?",
    r"(?:can't|cannot|can not|couldn't|unable to|(?:nobody|no one|none of us) can) (?:\w+ )?"
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
