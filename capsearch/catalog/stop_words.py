"""Words that say how a sentence is built, not what it is about: nobody looks for photos by them."""

from capsearch.text import folded

_ENGLISH = """
a an the this that these those some any each every all both no not
i me my mine we us our ours you your yours he him his she her hers it its they them their theirs
who whom whose which what when where why how
am is are was were be been being do does did have has had having could would shall should
might must
and or but nor if then than as so because while although though
of in on at by to from with without into onto over under above below between among through during
before after about against near beside behind for up down out off again once here there
s t re ve ll d m
photo photos picture pictures pic pics image images
"""
_GERMAN = """
der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem
kein keine keinen keinem keiner alle aller jeder jede jedes
ich mich mir mein meine meinen meinem meiner du dich dir dein deine er ihn ihm sein seine sie ihr
ihre ihren ihrem es wir uns unser unsere euch euer sich
wer wen wem was wann wo warum wie welche welcher welches
bist ist sind waren wird werden wurde wurden haben hatte hatten
und oder aber nicht auch wenn als dass weil so
von vom in im ins an am ans auf aus bei beim mit ohne zu zum zur nach vor hinter neben unter
zwischen durch für gegen um bis seit während
foto fotos bild bilder aufnahme aufnahmen
"""

STOP_WORDS = frozenset(folded(word) for word in (_ENGLISH + _GERMAN).split())
"""English and German, folded; none that is a thing, a name or a month in the other language, such
as "hat", "man", "war", "bin", "can", "will" or "may"."""
