"""Months and parts of a year, as people write them in file names."""

from capsearch.text import folded

_MONTHS = (
    # English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian, Polish, Russian
    "january jan januar jaenner janner jänner janvier janv enero gennaio janeiro januari styczen"
    " stycznia январь января",
    "february feb februar feber fevrier fevr febrero febbraio fevereiro februari luty lutego"
    " февраль февраля",
    "march mar märz maerz mrz mars marzo março maart marts marzec marca март марта",
    "april apr avril avr abril aprile kwiecien kwietnia апрель апреля",
    "may mai mayo maggio maio mei maj maja май мая",
    "june jun juni juin junio giugno junho czerwiec czerwca июнь июня",
    "july jul juli juillet juil julio luglio julho lipiec lipca июль июля",
    "august aug août aout agosto augustus augusti sierpien sierpnia август августа",
    "september sep sept septembre septiembre settembre setembro wrzesien wrzesnia"
    " сентябрь сентября",
    "october oct oktober okt octobre octubre ottobre outubro pazdziernik pazdziernika"
    " октябрь октября",
    "november nov novembre noviembre novembro listopad listopada ноябрь ноября",
    "december dec dezember dez décembre diciembre dicembre dezembro desember grudzien grudnia"
    " декабрь декабря",
)

MONTHS = {folded(word): number for number, line in enumerate(_MONTHS, 1) for word in line.split()}
"""Folded names and their usual short forms -> 1 to 12."""
