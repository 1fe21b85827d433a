"""'my' and 'our' in the languages that people search in.

Each language's own forms as any grammar of it lists them, in small letters. Left out is what is
more often something else, in the same or another of the languages: Danish 'mit' and 'vor', which
are German 'with' and 'before'; Portuguese 'nos' ('in the'); and what stands behind its noun as a
mere ending (Turkish, Hungarian, Arabic).
"""

_BY_LANGUAGE = {
    "English": "my our",
    "German": "mein meine meinen meinem meiner meines unser unsere unseren unserem unserer unseres"
    " unsern unserm unsers unsre unsren unsrem unsrer unsres",
    "French": "mon ma mes notre nos",
    "Spanish": "mi mis mío mía míos mías nuestro nuestra nuestros nuestras",
    "Italian": "mio mia miei mie nostro nostra nostri nostre",
    "Portuguese": "meu minha meus minhas nosso nossa nossos nossas",
    "Dutch": "mijn m'n ons onze",
    "Swedish, Danish, Norwegian": "min mitt mina vår vårt våra våre vores",
    "Polish": "mój moja moje moi mojego mojej mojemu moją moich moim moimi nasz nasza nasze nasi"
    " naszego naszej naszemu naszą naszych naszym naszymi",
    "Czech, Slovak": "můj má moje mého mému mém mým mojí mou náš naše našeho našemu naší naši"
    " našich môj moji",
    "Romanian": "meu mea mei mele nostru noastră noștri noastre",
    "Russian": "мой моя моё мое мои моего моей моему моём моем моим моих моими мою наш наша наше"
    " наши нашего нашей нашему нашем нашим наших нашими нашу",
    "Ukrainian": "мій моя моє мої мого моєї моєму моїм моїх наш наша наше наші нашого нашої",
    "Greek": "μου μας",
    "Turkish": "benim bizim",
    "Finnish": "minun meidän",
    "Hindi": "मेरा मेरी मेरे हमारा हमारी हमारे",
    "Korean": "내 나의 우리 저희",
}
POSSESSIVES = frozenset(word for words in _BY_LANGUAGE.values() for word in words.split())
"""Words that say 'my' or 'our' of what is asked for."""

AFTERWARDS = frozenset({"mine", "ours"})
"""Those that do so behind it ('this dog of mine'); before a noun it may be another word."""

UNSPACED = (
    "私の", "わたしの", "僕の", "ぼくの", "俺の", "うちの", "私たちの", "私達の", "我が家の",
    "我々の", "我的", "我們的", "我们的", "我家的", "我家", "俺们的",
)  # fmt: skip
"""Those of Japanese and Chinese, which stand before what they own without a space."""

NOT_ONES_OWN = (("notre", "dame"), ("our", "lady"), ("mine", "craft"), ("my", "little", "pony"))
"""Names that begin with one and mean nobody's."""
