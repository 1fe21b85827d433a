<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ChosenActions</name>
    <message>
        <source>Copy to a folder…</source>
        <translation>In einen Ordner kopieren…</translation>
    </message>
    <message>
        <source>Export list…</source>
        <translation>Liste exportieren…</translation>
    </message>
    <message>
        <source>Open with…</source>
        <translation>Öffnen mit…</translation>
    </message>
    <message>
        <source>Open with</source>
        <translation>Öffnen mit</translation>
    </message>
</context>
<context>
    <name>ChosenBar</name>
    <message>
        <source>Choose none</source>
        <translation>Auswahl aufheben</translation>
    </message>
    <message>
        <source>Chosen photos</source>
        <translation>Ausgewählte Fotos</translation>
    </message>
    <message>
        <source>Choose all</source>
        <translation>Alle auswählen</translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected</source>
        <translation>
            <numerusform>%Ln ausgewählt</numerusform>
            <numerusform>%Ln ausgewählt</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChosenDesk</name>
    <message>
        <source>Other photos are being copied: wait for them, or cancel it.</source>
        <translation>Es werden gerade andere Fotos kopiert: Warte darauf, oder brich es ab.</translation>
    </message>
    <message>
        <source>Copy to which folder?</source>
        <translation>In welchen Ordner kopieren?</translation>
    </message>
    <message>
        <source>Export the list</source>
        <translation>Liste exportieren</translation>
    </message>
    <message>
        <source>photos.csv</source>
        <translation>fotos.csv</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Open with…</source>
        <translation>Öffnen mit…</translation>
    </message>
    <message>
        <source>The disk of {folder} is full.</source>
        <translation>Auf dem Laufwerk von {folder} ist kein Platz mehr.</translation>
    </message>
    <message>
        <source>Nothing may be written to {folder}: choose another folder.</source>
        <translation>In {folder} darf nichts geschrieben werden: Wähle einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The folder {folder} is not there any more.</source>
        <translation>Den Ordner {folder} gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>{folder} cannot take the files ({reason}).</source>
        <translation>{folder} kann die Dateien nicht aufnehmen ({reason}).</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) copied to {folder}.</source>
        <translation>
            <numerusform>%Ln Foto in {folder} kopiert.</numerusform>
            <numerusform>%Ln Fotos in {folder} kopiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of the photos were copied before.</source>
        <translation>
            <numerusform>%Ln der Fotos wurde zuvor kopiert.</numerusform>
            <numerusform>%Ln der Fotos wurden zuvor kopiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) are not there at the moment.</source>
        <translation>
            <numerusform>%Ln Foto ist gerade nicht da.</numerusform>
            <numerusform>%Ln Fotos sind gerade nicht da.</numerusform>
        </translation>
    </message>
    <message>
        <source>The others were not, as you cancelled it.</source>
        <translation>Die anderen nicht, denn du hast es abgebrochen.</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Keywords</source>
        <translation>Stichwörter</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>{file} cannot be written ({reason}).</source>
        <translation>{file} kann nicht geschrieben werden ({reason}).</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) listed in {file}.</source>
        <translation>
            <numerusform>%Ln Foto in {file} aufgelistet.</numerusform>
            <numerusform>%Ln Fotos in {file} aufgelistet.</numerusform>
        </translation>
    </message>
    <message>
        <source>The photo is not there at the moment.</source>
        <translation>Das Foto ist gerade nicht da.</translation>
    </message>
    <message>
        <source>This program cannot be started.</source>
        <translation>Dieses Programm lässt sich nicht starten.</translation>
    </message>
</context>
<context>
    <name>CopyingBar</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>{done} of {total} photos copied</source>
        <translation>{done} von {total} Fotos kopiert</translation>
    </message>
</context>
<context>
    <name>DatesDialog</name>
    <message>
        <source>Dates</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message>
        <source>Offline: its drive is not connected</source>
        <translation>Offline: das Laufwerk ist nicht angeschlossen</translation>
    </message>
    <message>
        <source>Cut off: only a part of this file is there</source>
        <translation>Abgeschnitten: Nur ein Teil dieser Datei ist da</translation>
    </message>
    <message numerus="yes">
        <source>%n near copies</source>
        <translation>
            <numerusform>%n fast gleiches Foto</numerusform>
            <numerusform>%n fast gleiche Fotos</numerusform>
        </translation>
    </message>
    <message>
        <source>Why this photo</source>
        <translation>Warum dieses Foto</translation>
    </message>
    <message>
        <source>No date known</source>
        <translation>Kein Datum bekannt</translation>
    </message>
    <message>
        <source>date of the file</source>
        <translation>Datum der Datei</translation>
    </message>
    <message>
        <source>date of the last change</source>
        <translation>Datum der letzten Änderung</translation>
    </message>
    <message>
        <source>the camera&apos;s clock may not have been set</source>
        <translation>die Uhr der Kamera war vielleicht nicht gestellt</translation>
    </message>
    <message>
        <source>date of the position</source>
        <translation>Datum der Ortung</translation>
    </message>
    <message>
        <source>date of the scan</source>
        <translation>Datum des Scans</translation>
    </message>
    <message>
        <source>date from the name</source>
        <translation>Datum aus dem Namen</translation>
    </message>
</context>
<context>
    <name>EncoderPage</name>
    <message>
        <source>Let my own collection guide the search</source>
        <translation>Meine eigene Sammlung leitet die Suche</translation>
    </message>
    <message>
        <source>Look through photos only while plugged in</source>
        <translation>Fotos nur am Netzteil durchsehen</translation>
    </message>
    <message>
        <source>Import a file…</source>
        <translation>Datei importieren …</translation>
    </message>
    <message>
        <source>Import a folder…</source>
        <translation>Ordner importieren …</translation>
    </message>
    <message>
        <source>Kept in this library</source>
        <translation>In dieser Bibliothek aufbewahrt</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>Vergessen …</translation>
    </message>
    <message>
        <source>Another model looks at every photo again. Until it has finished, search goes on with the present one. A model that is not on this computer is downloaded first; nothing else ever uses the network.</source>
        <translation>Ein anderes Modell sieht sich jedes Foto noch einmal an. Bis es fertig ist, wird mit dem jetzigen weiter gesucht. Ein Modell, das nicht auf diesem Rechner ist, wird zuerst heruntergeladen; sonst wird das Netz nie benutzt.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Läuft auf</translation>
    </message>
    <message>
        <source>Import of a model</source>
        <translation>Import eines Modells</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>The best there is</source>
        <translation>Das Beste, was da ist</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>{present} → {next}: {done} of {total} photos</source>
        <translation>{present} → {next}: {done} von {total} Fotos</translation>
    </message>
    <message numerus="yes">
        <source>It takes over when it has seen %Ln photo(s) on drives that are away, too.</source>
        <translation>
            <numerusform>Es übernimmt, wenn es auch %Ln Foto auf einem Laufwerk gesehen hat, das nicht verbunden ist.</numerusform>
            <numerusform>Es übernimmt, wenn es auch %Ln Fotos auf Laufwerken gesehen hat, die nicht verbunden sind.</numerusform>
        </translation>
    </message>
    <message>
        <source>{encoder} (searches now)</source>
        <translation>{encoder} (sucht jetzt)</translation>
    </message>
    <message>
        <source>It takes {size} in {folder}, where {free} are free.</source>
        <translation>Es braucht {size} in {folder}; dort sind {free} frei.</translation>
    </message>
    <message>
        <source>PyTorch comes first, once: {size}, and {installed} on the disk.</source>
        <translation>Vorher kommt einmalig PyTorch: {size}, auf der Festplatte {installed}.</translation>
    </message>
    <message>
        <source>Its licence: {licence}.</source>
        <translation>Lizenz: {licence}.</translation>
    </message>
    <message>
        <source>That allows research only.</source>
        <translation>Sie erlaubt nur Forschung.</translation>
    </message>
    <message>
        <source>Download a model</source>
        <translation>Modell herunterladen</translation>
    </message>
    <message>
        <source>Download {model}?</source>
        <translation>{model} herunterladen?</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Its files are deleted: {size}. What it has made of photos stays in the library. Other programs that share the folder of models lose it, too.</source>
        <translation>Seine Dateien werden gelöscht: {size}. Was es aus Fotos gemacht hat, bleibt in der Bibliothek. Auch andere Programme, die den Ordner der Modelle benutzen, verlieren es.</translation>
    </message>
    <message>
        <source>Remove a model</source>
        <translation>Modell entfernen</translation>
    </message>
    <message>
        <source>Remove {model} from this computer?</source>
        <translation>{model} von diesem Rechner entfernen?</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>Modell importieren</translation>
    </message>
    <message>
        <source>Models ({kinds})</source>
        <translation>Modelle ({kinds})</translation>
    </message>
    <message>
        <source>Forget an encoder</source>
        <translation>Ein Modell vergessen</translation>
    </message>
    <message numerus="yes">
        <source>Forget what {encoder} has made of %Ln photo(s)?</source>
        <translation>
            <numerusform>Vergessen, was {encoder} aus %Ln Foto gemacht hat?</numerusform>
            <numerusform>Vergessen, was {encoder} aus %Ln Fotos gemacht hat?</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking which models there are…</source>
        <translation>Welche Modelle es gibt, wird nachgesehen …</translation>
    </message>
    <message>
        <source>Search goes on as it is. To search by {encoder} again, it would have to look at every photo anew. No file is touched.</source>
        <translation>Die Suche geht weiter wie bisher. Um wieder mit {encoder} zu suchen, müsste es jedes Foto neu ansehen. Keine Datei wird angerührt.</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
</context>
<context>
    <name>FailuresDialog</name>
    <message>
        <source>Files that could not be used</source>
        <translation>Dateien, die nicht verwendet werden konnten</translation>
    </message>
    <message>
        <source>Everything else is searchable. The files themselves were not touched.</source>
        <translation>Alles andere ist durchsuchbar. Die Dateien selbst blieben unberührt.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Every file could be used.</source>
        <translation>Jede Datei konnte verwendet werden.</translation>
    </message>
</context>
<context>
    <name>Feedback</name>
    <message>
        <source>CapSearch knows that you mean this.</source>
        <translation>CapSearch weiß jetzt, dass du das meinst.</translation>
    </message>
    <message>
        <source>CapSearch knows that you do not mean this.</source>
        <translation>CapSearch weiß jetzt, dass du das nicht meinst.</translation>
    </message>
    <message>
        <source>“{name}” finds this from now on.</source>
        <translation>„{name}“ findet das ab jetzt.</translation>
    </message>
    <message>
        <source>It is behind all that fit now.</source>
        <translation>Es steht jetzt hinter allem, was passt.</translation>
    </message>
    <message>
        <source>It stays in place {place}.</source>
        <translation>Es bleibt auf Platz {place}.</translation>
    </message>
    <message>
        <source>It went from place {before} to {now}.</source>
        <translation>Es kam von Platz {before} auf {now}.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Clear all</source>
        <translation>Alle entfernen</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>This year</source>
        <translation>Dieses Jahr</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>Von … bis …</translation>
    </message>
    <message>
        <source>Any date</source>
        <translation>Jedes Datum</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>Alle Fotos</translation>
    </message>
    <message>
        <source>Only on connected drives</source>
        <translation>Nur auf angeschlossenen Laufwerken</translation>
    </message>
    <message>
        <source>Only offline</source>
        <translation>Nur offline</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Angeschlossen</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>“{words}” is answered as soon as the first photos are ready.</source>
        <translation>„{words}“ wird beantwortet, sobald die ersten Fotos bereit sind.</translation>
    </message>
    <message>
        <source>You can already type above what you are looking for.
Photos come in here as soon as they are ready.</source>
        <translation>Du kannst oben schon eingeben, was du suchst.
Die Fotos erscheinen hier, sobald sie bereit sind.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) found</source>
        <translation>
            <numerusform>Ein Foto gefunden</numerusform>
            <numerusform>%Ln Fotos gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>Held while this computer is on battery.</source>
        <translation>Angehalten, solange dieser Computer mit Akku läuft.</translation>
    </message>
    <message>
        <source>Waiting for another CapSearch that is looking through photos</source>
        <translation>Wartet auf ein anderes CapSearch, das gerade Fotos durchsieht</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) found so far</source>
        <translation>
            <numerusform>Bisher ein Foto gefunden</numerusform>
            <numerusform>Bisher %Ln Fotos gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking for photos…</source>
        <translation>Fotos werden gesucht …</translation>
    </message>
    <message>
        <source>Looking through “{folder}”</source>
        <translation>„{folder}“ wird durchgesehen</translation>
    </message>
    <message>
        <source>{done} of {total} are ready</source>
        <translation>{done} von {total} sind bereit</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
</context>
<context>
    <name>FolderList</name>
    <message>
        <source>Find a folder</source>
        <translation>Ordner suchen</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
</context>
<context>
    <name>FoldersPage</name>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Find it again…</source>
        <translation>Wiederfinden …</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Remove a folder</source>
        <translation>Ordner entfernen</translation>
    </message>
    <message>
        <source>Remove {folder} from the library?</source>
        <translation>{folder} aus der Bibliothek entfernen?</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Last looked at</source>
        <translation>Zuletzt angesehen</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>For a folder that is away: choose the place where it is now</source>
        <translation>Für einen Ordner, der nicht mehr da ist: wählen, wo er jetzt liegt</translation>
    </message>
    <message>
        <source>Leave out of</source>
        <translation>Auslassen aus</translation>
    </message>
    <message>
        <source>Names or paths, one a line, such as *.tmp or private/*</source>
        <translation>Namen oder Pfade, je Zeile einer, etwa *.tmp oder privat/*</translation>
    </message>
    <message>
        <source>Names or paths to leave out</source>
        <translation>Namen oder Pfade, die ausgelassen werden</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>Noch nicht</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>Nicht da</translation>
    </message>
    <message>
        <source>Being looked at</source>
        <translation>Wird angesehen</translation>
    </message>
    <message>
        <source>Watched</source>
        <translation>Wird beobachtet</translation>
    </message>
    <message>
        <source>All folders</source>
        <translation>Alle Ordner</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) leave the library.</source>
        <translation>
            <numerusform>%Ln Foto verlässt die Bibliothek.</numerusform>
            <numerusform>%Ln Fotos verlassen die Bibliothek.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of its photos stay, because other folders hold them too.</source>
        <translation>
            <numerusform>%Ln Foto des Ordners bleibt, denn es liegt auch in anderen Ordnern.</numerusform>
            <numerusform>%Ln Fotos des Ordners bleiben, denn sie liegen auch in anderen Ordnern.</numerusform>
        </translation>
    </message>
    <message>
        <source>No file is touched.</source>
        <translation>Keine Datei wird angerührt.</translation>
    </message>
    <message>
        <source>Vectors are kept for 30 days, so that adding the folder again encodes nothing.</source>
        <translation>Die Vektoren bleiben 30 Tage erhalten; wird der Ordner wieder hinzugefügt, muss nichts neu berechnet werden.</translation>
    </message>
    <message>
        <source>Where is {folder} now?</source>
        <translation>Wo liegt {folder} jetzt?</translation>
    </message>
</context>
<context>
    <name>HeartMenu</name>
    <message>
        <source>What CapSearch has learned…</source>
        <translation>Was CapSearch gelernt hat…</translation>
    </message>
    <message>
        <source>Generic this time</source>
        <translation>Diesmal allgemein</translation>
    </message>
    <message>
        <source>This one answer as everybody would get it; again: as usual</source>
        <translation>Diese eine Antwort, wie alle sie bekämen; noch einmal: wie sonst</translation>
    </message>
    <message>
        <source>How far your own photos move results</source>
        <translation>Wie weit deine Fotos Ergebnisse verschieben</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>Weniger</translation>
    </message>
    <message>
        <source>Half as far as CapSearch was trained to</source>
        <translation>Halb so weit, wie CapSearch es gelernt hat</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Normal</translation>
    </message>
    <message>
        <source>As far as CapSearch was trained to</source>
        <translation>So weit, wie CapSearch es gelernt hat</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Twice as far: what comes back in your photos stands before what fits</source>
        <translation>Doppelt so weit: was in deinen Fotos wiederkehrt, steht vor dem, was passt</translation>
    </message>
</context>
<context>
    <name>ImageView</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Anywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>This list</source>
        <translation>Diese Liste</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Einen Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Look for new photos</source>
        <translation>Nach neuen Fotos suchen</translation>
    </message>
    <message>
        <source>What CapSearch has learned</source>
        <translation>Was CapSearch gelernt hat</translation>
    </message>
    <message>
        <source>Map of places</source>
        <translation>Karte der Orte</translation>
    </message>
    <message>
        <source>Slideshow of what is shown</source>
        <translation>Diashow dessen, was gezeigt wird</translation>
    </message>
    <message>
        <source>Full screen, and back</source>
        <translation>Vollbild und zurück</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Search field</source>
        <translation>Suchfeld</translation>
    </message>
    <message>
        <source>Into the search field</source>
        <translation>Ins Suchfeld</translation>
    </message>
    <message>
        <source>Search, and go to the photos</source>
        <translation>Suchen und zu den Fotos gehen</translation>
    </message>
    <message>
        <source>To the photos, or through the suggestions</source>
        <translation>Zu den Fotos oder durch die Vorschläge</translation>
    </message>
    <message>
        <source>Show suggestions</source>
        <translation>Vorschläge zeigen</translation>
    </message>
    <message>
        <source>Take the suggestion that is chosen</source>
        <translation>Den gewählten Vorschlag nehmen</translation>
    </message>
    <message>
        <source>Keep this search, or forget it</source>
        <translation>Diese Suche merken oder vergessen</translation>
    </message>
    <message>
        <source>Generic this time, and back</source>
        <translation>Diesmal allgemein, und zurück</translation>
    </message>
    <message>
        <source>Empty the field; once more: all photos</source>
        <translation>Feld leeren; noch einmal: alle Fotos</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>From photo to photo</source>
        <translation>Von Foto zu Foto</translation>
    </message>
    <message>
        <source>In the first line: back into the search field</source>
        <translation>In der ersten Zeile: zurück ins Suchfeld</translation>
    </message>
    <message>
        <source>A page up or down</source>
        <translation>Eine Seite hinauf oder hinab</translation>
    </message>
    <message>
        <source>To the first or last photo</source>
        <translation>Zum ersten oder letzten Foto</translation>
    </message>
    <message>
        <source>Look at the photo</source>
        <translation>Das Foto ansehen</translation>
    </message>
    <message>
        <source>Open it in another program</source>
        <translation>In einem anderen Programm öffnen</translation>
    </message>
    <message>
        <source>Play the video</source>
        <translation>Video abspielen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Choose all</source>
        <translation>Alle auswählen</translation>
    </message>
    <message>
        <source>Choose none of several</source>
        <translation>Auswahl mehrerer aufheben</translation>
    </message>
    <message>
        <source>Copy to a folder</source>
        <translation>In einen Ordner kopieren</translation>
    </message>
    <message>
        <source>Open with a program</source>
        <translation>Mit einem Programm öffnen</translation>
    </message>
    <message>
        <source>Export a list</source>
        <translation>Eine Liste exportieren</translation>
    </message>
    <message>
        <source>Give it a name</source>
        <translation>Einen Namen geben</translation>
    </message>
    <message>
        <source>Yes, this is what I mean (“my dog”)</source>
        <translation>Ja, das meine ich („mein Hund“)</translation>
    </message>
    <message>
        <source>Not this (“my dog”)</source>
        <translation>Das nicht („mein Hund“)</translation>
    </message>
    <message>
        <source>Larger or smaller photos</source>
        <translation>Größere oder kleinere Fotos</translation>
    </message>
    <message>
        <source>Show or hide the filters</source>
        <translation>Filter zeigen oder verbergen</translation>
    </message>
    <message>
        <source>One photo</source>
        <translation>Ein einzelnes Foto</translation>
    </message>
    <message>
        <source>The previous or next photo</source>
        <translation>Voriges oder nächstes Foto</translation>
    </message>
    <message>
        <source>Zoom in or out</source>
        <translation>Vergrößern oder verkleinern</translation>
    </message>
    <message>
        <source>Show the whole photo</source>
        <translation>Das ganze Foto zeigen</translation>
    </message>
    <message>
        <source>Show or hide the details</source>
        <translation>Details zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Back to the photos</source>
        <translation>Zurück zu den Fotos</translation>
    </message>
    <message>
        <source>Slideshow</source>
        <translation>Diashow</translation>
    </message>
    <message>
        <source>Pause, or go on</source>
        <translation>Anhalten oder weiter</translation>
    </message>
    <message>
        <source>Longer or shorter for each photo</source>
        <translation>Länger oder kürzer für jedes Foto</translation>
    </message>
    <message>
        <source>End the slideshow</source>
        <translation>Diashow beenden</translation>
    </message>
    <message>
        <source>Move the map</source>
        <translation>Die Karte verschieben</translation>
    </message>
    <message>
        <source>From place to place</source>
        <translation>Von Ort zu Ort</translation>
    </message>
    <message>
        <source>Show the photos of the place</source>
        <translation>Die Fotos des Ortes zeigen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>LearnedDesk</name>
    <message>
        <source>Taken back.</source>
        <translation>Zurückgenommen.</translation>
    </message>
    <message>
        <source>Everything that you taught CapSearch was forgotten.</source>
        <translation>Alles, was du CapSearch beigebracht hast, ist vergessen.</translation>
    </message>
    <message>
        <source>“{file}” holds what you taught CapSearch.</source>
        <translation>„{file}“ enthält, was du CapSearch beigebracht hast.</translation>
    </message>
    <message>
        <source>CapSearch has taken over what this file says.</source>
        <translation>CapSearch hat übernommen, was in dieser Datei steht.</translation>
    </message>
</context>
<context>
    <name>LearnedPage</name>
    <message>
        <source>What CapSearch has learned</source>
        <translation>Was CapSearch gelernt hat</translation>
    </message>
    <message>
        <source>“{name}” finds these photos from now on.</source>
        <translation>„{name}“ findet ab jetzt diese Fotos.</translation>
    </message>
    <message numerus="yes">
        <source>%n subjects are one now.</source>
        <translation>
            <numerusform>%n Motiv ist jetzt eins.</numerusform>
            <numerusform>%n Motive sind jetzt eins.</numerusform>
        </translation>
    </message>
    <message>
        <source>This is never preferred now: with “my” before it, it comes last.</source>
        <translation>Das wird nie mehr bevorzugt: mit „mein“ davor kommt es zuletzt.</translation>
    </message>
    <message>
        <source>This is preferred again.</source>
        <translation>Das wird wieder bevorzugt.</translation>
    </message>
    <message>
        <source>What you said of it is forgotten.</source>
        <translation>Was du dazu gesagt hast, ist vergessen.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) taken out.</source>
        <translation>
            <numerusform>%n Foto herausgenommen.</numerusform>
            <numerusform>%n Fotos herausgenommen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) confirmed.</source>
        <translation>
            <numerusform>%n Foto bestätigt.</numerusform>
            <numerusform>%n Fotos bestätigt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Export what you taught CapSearch</source>
        <translation>Exportieren, was du CapSearch beigebracht hast</translation>
    </message>
    <message>
        <source>Import what you taught CapSearch</source>
        <translation>Importieren, was du CapSearch beigebracht hast</translation>
    </message>
    <message>
        <source>Forget everything</source>
        <translation>Alles vergessen</translation>
    </message>
    <message>
        <source>Forget everything that you taught CapSearch?</source>
        <translation>Alles vergessen, was du CapSearch beigebracht hast?</translation>
    </message>
    <message>
        <source>Names, corrections and what is to be ignored go, for good. Your photos stay as they are, and what comes back in them is found again by itself.</source>
        <translation>Namen, Korrekturen und was nie bevorzugt werden soll, sind dann endgültig weg. Deine Fotos bleiben, wie sie sind, und was in ihnen wiederkehrt, wird von selbst wiedergefunden.</translation>
    </message>
    <message>
        <source>You have named</source>
        <translation>Von dir benannt</translation>
    </message>
    <message>
        <source>Comes back in your photos</source>
        <translation>Kehrt in deinen Fotos wieder</translation>
    </message>
    <message>
        <source>Never preferred</source>
        <translation>Nie bevorzugt</translation>
    </message>
    <message>
        <source>People named on your photos</source>
        <translation>Menschen, die auf deinen Fotos benannt sind</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>Orte</translation>
    </message>
    <message>
        <source>CapSearch has not looked for what comes back in your photos yet.</source>
        <translation>CapSearch hat noch nicht nachgesehen, was in deinen Fotos wiederkehrt.</translation>
    </message>
    <message>
        <source>Nothing comes back in your photos, as far as CapSearch can tell. Choose some photos in the library and give them a name.</source>
        <translation>Soweit CapSearch es sehen kann, kehrt in deinen Fotos nichts wieder. Wähle Fotos in der Bibliothek und gib ihnen einen Namen.</translation>
    </message>
    <message numerus="yes">
        <source>Put %n together</source>
        <translation>
            <numerusform>%n zusammenlegen</numerusform>
            <numerusform>%n zusammenlegen</numerusform>
        </translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Forget everything…</source>
        <translation>Alles vergessen…</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>Persönlich</translation>
    </message>
    <message>
        <source>Let your own collection guide the search: your dog, your people, your places</source>
        <translation>Deine eigene Sammlung leitet die Suche: dein Hund, deine Leute, deine Orte</translation>
    </message>
    <message>
        <source>Compare generic and yours</source>
        <translation>Allgemein und persönlich vergleichen</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message numerus="yes">
        <source>Show %n less similar photo(s)</source>
        <translation>
            <numerusform>%n weniger ähnliches Foto zeigen</numerusform>
            <numerusform>%n weniger ähnliche Fotos zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>Drop the picture to find photos like it</source>
        <translation>Bild loslassen, um ähnliche Fotos zu finden</translation>
    </message>
    <message>
        <source>Generic</source>
        <translation>Allgemein</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Kept searches</source>
        <translation>Gemerkte Suchen</translation>
    </message>
    <message>
        <source>Show each near copy</source>
        <translation>Fast gleiche Fotos einzeln zeigen</translation>
    </message>
    <message>
        <source>Looking for photos in “{folder}”. They come in by themselves.</source>
        <translation>In „{folder}“ werden Fotos gesucht. Sie erscheinen von selbst.</translation>
    </message>
    <message>
        <source>There are no photos to show.</source>
        <translation>Es gibt keine Fotos zu zeigen.</translation>
    </message>
    <message>
        <source>on this day</source>
        <translation>an diesem Tag</translation>
    </message>
    <message>
        <source>near copies</source>
        <translation>fast gleiche Fotos</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Look for new photos</source>
        <translation>Nach neuen Fotos suchen</translation>
    </message>
    <message>
        <source>Slideshow</source>
        <translation>Diashow</translation>
    </message>
    <message>
        <source>What CapSearch has learned</source>
        <translation>Was CapSearch gelernt hat</translation>
    </message>
    <message>
        <source>Map of places</source>
        <translation>Karte der Orte</translation>
    </message>
    <message>
        <source>On this day</source>
        <translation>An diesem Tag</translation>
    </message>
    <message>
        <source>Near copies</source>
        <translation>Fast gleiche Fotos</translation>
    </message>
    <message>
        <source>Files that could not be used…</source>
        <translation>Nicht verwendbare Dateien …</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>About CapSearch</source>
        <translation>Über CapSearch</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Photos like this one. Esc: all photos</source>
        <translation>Fotos wie dieses. Esc: alle Fotos</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n Foto</numerusform>
            <numerusform>%n Fotos</numerusform>
        </translation>
    </message>
    <message>
        <source>{shown} of {all} photos</source>
        <translation>{shown} von {all} Fotos</translation>
    </message>
    <message>
        <source>No photo surely shows this</source>
        <translation>Kein Foto zeigt das mit Sicherheit</translation>
    </message>
    <message>
        <source>You can look at those that come nearest.</source>
        <translation>Du kannst dir die ansehen, die am nächsten kommen.</translation>
    </message>
    <message numerus="yes">
        <source>Show the nearest %n photo(s)</source>
        <translation>
            <numerusform>Das nächste Foto zeigen</numerusform>
            <numerusform>Die nächsten %n Fotos zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>No photo is all of this</source>
        <translation>Kein Foto ist all das</translation>
    </message>
    <message>
        <source>Take out one of the parts below the search field.</source>
        <translation>Nimm einen der Teile unter dem Suchfeld heraus.</translation>
    </message>
    <message>
        <source>No photo passes these filters</source>
        <translation>Kein Foto passt zu diesen Filtern</translation>
    </message>
    <message>
        <source>Fewer filters find more.</source>
        <translation>Weniger Filter finden mehr.</translation>
    </message>
    <message>
        <source>Clear all filters</source>
        <translation>Alle Filter entfernen</translation>
    </message>
    <message>
        <source>There are no photos here yet</source>
        <translation>Hier sind noch keine Fotos</translation>
    </message>
    <message>
        <source>Add a folder that holds some, or wait until its drive is connected.</source>
        <translation>Füge einen Ordner mit Fotos hinzu, oder schließe sein Laufwerk an.</translation>
    </message>
    <message>
        <source>{model} is here and begins to look at your photos.</source>
        <translation>{model} ist da und beginnt, deine Fotos anzusehen.</translation>
    </message>
</context>
<context>
    <name>MapCanvas</name>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
</context>
<context>
    <name>MapPage</name>
    <message>
        <source>None of your photos says where it was taken</source>
        <translation>Keines deiner Fotos sagt, wo es aufgenommen wurde</translation>
    </message>
    <message>
        <source>Photos of phones and of cameras with GPS do, where that is switched on.</source>
        <translation>Fotos von Handys und von Kameras mit GPS tun das, wenn es eingeschaltet ist.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n Foto</numerusform>
            <numerusform>%n Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) with a place</source>
        <translation>
            <numerusform>%n Foto mit Ort</numerusform>
            <numerusform>%n Fotos mit Ort</numerusform>
        </translation>
    </message>
    <message>
        <source>Back to the photos</source>
        <translation>Zurück zu den Fotos</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Show all places</source>
        <translation>Alle Orte zeigen</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>For research only: its licence allows no other use.</source>
        <translation>Nur für die Forschung: Die Lizenz erlaubt nichts anderes.</translation>
    </message>
    <message>
        <source>Download of {model}</source>
        <translation>Herunterladen von {model}</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Searches now</source>
        <translation>Sucht gerade</translation>
    </message>
    <message>
        <source>Takes over soon</source>
        <translation>Übernimmt bald</translation>
    </message>
    <message>
        <source>On its way</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Comes with CapSearch</source>
        <translation>Gehört zu CapSearch</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>Installiert</translation>
    </message>
    <message>
        <source>Held: {here} of {size}</source>
        <translation>Angehalten: {here} von {size}</translation>
    </message>
    <message>
        <source>Download {size}</source>
        <translation>Herunterladen: {size}</translation>
    </message>
    <message>
        <source>and PyTorch once, {size}</source>
        <translation>und einmalig PyTorch, {size}</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Removing what has arrived…</source>
        <translation>Was angekommen ist, wird entfernt …</translation>
    </message>
    <message>
        <source>Stay with it</source>
        <translation>Dabei bleiben</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>My …</source>
        <translation>Mein …</translation>
    </message>
    <message>
        <source>Rex</source>
        <translation>Rex</translation>
    </message>
    <message>
        <source>dog</source>
        <translation>Hund</translation>
    </message>
    <message>
        <source>What is it called?</source>
        <translation>Wie heißt das?</translation>
    </message>
    <message>
        <source>And with “my” before it?</source>
        <translation>Und mit „mein“ davor?</translation>
    </message>
    <message>
        <source>Then the name finds it, also within a sentence: “Rex on the beach”. What has the same name is put together.</source>
        <translation>Dann findet der Name es, auch im Satz: „Rex am Strand“. Was gleich heißt, wird zusammengelegt.</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>PartChip</name>
    <message>
        <source>Click to search for these words instead</source>
        <translation>Klicken, um stattdessen nach diesen Wörtern zu suchen</translation>
    </message>
    <message>
        <source>Remove {what}</source>
        <translation>{what} entfernen</translation>
    </message>
</context>
<context>
    <name>PhotoGrid</name>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
</context>
<context>
    <name>PhotoMenu</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Play the video</source>
        <translation>Video abspielen</translation>
    </message>
    <message>
        <source>Give it a name…</source>
        <translation>Einen Namen geben…</translation>
    </message>
    <message>
        <source>Yes, this is what I mean</source>
        <translation>Ja, das meine ich</translation>
    </message>
    <message>
        <source>Not this</source>
        <translation>Das nicht</translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected</source>
        <translation>
            <numerusform>%Ln ausgewählt</numerusform>
            <numerusform>%Ln ausgewählt</numerusform>
        </translation>
    </message>
    <message>
        <source>Look closer</source>
        <translation>Groß ansehen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Ähnliche Fotos</translation>
    </message>
    <message numerus="yes">
        <source>Show all %n near copies</source>
        <translation>
            <numerusform>Das eine fast gleiche Foto zeigen</numerusform>
            <numerusform>Alle %n fast gleichen Fotos zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>This can be said of what “my …” has found.</source>
        <translation>Das lässt sich zu dem sagen, was „mein …“ gefunden hat.</translation>
    </message>
    <message>
        <source>The photo is not there at the moment.</source>
        <translation>Das Foto ist gerade nicht da.</translation>
    </message>
</context>
<context>
    <name>PreviewPage</name>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} von {count}</translation>
    </message>
    <message>
        <source>This photo cannot be shown: {}</source>
        <translation>Dieses Foto kann nicht gezeigt werden: {}</translation>
    </message>
    <message>
        <source>The photo is not there at the moment.</source>
        <translation>Das Foto ist gerade nicht da.</translation>
    </message>
    <message>
        <source>Play the video</source>
        <translation>Video abspielen</translation>
    </message>
    <message>
        <source>Back to the photos</source>
        <translation>Zurück zu den Fotos</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>Voriges Foto</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Show the whole photo</source>
        <translation>Ganzes Foto zeigen</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Ähnliche Fotos</translation>
    </message>
    <message>
        <source>Slideshow</source>
        <translation>Diashow</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>ProposalBar</name>
    <message>
        <source>Show me</source>
        <translation>Zeig es mir</translation>
    </message>
    <message>
        <source>No, thanks</source>
        <translation>Nein, danke</translation>
    </message>
    <message>
        <source>You search with the small starter. “{model}” has learned from far more photos: it finds details and names of things much better. It is a download of {size}, once.</source>
        <translation>Du suchst mit dem kleinen Starter. „{model}“ hat aus weit mehr Fotos gelernt: Es findet Einzelheiten und Namen von Dingen viel besser. Es wird einmal heruntergeladen: {size}.</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Search your photos: “kids at the beach”, “red bicycle”…</source>
        <translation>Fotos suchen: „kids at the beach“, „red bicycle“ …</translation>
    </message>
    <message>
        <source>Search your photos</source>
        <translation>Fotos suchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>Forget this search</source>
        <translation>Diese Suche vergessen</translation>
    </message>
    <message>
        <source>Keep this search</source>
        <translation>Diese Suche merken</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Sichern</translation>
    </message>
    <message>
        <source>CapSearch works on this computer only: no photo, no question and no statistic leaves it. It never changes your photos.</source>
        <translation>CapSearch arbeitet nur auf diesem Rechner: Kein Foto, keine Frage und keine Statistik verlässt ihn. Deine Fotos werden nie verändert.</translation>
    </message>
    <message>
        <source>Free software under the Apache License 2.0. It uses Qt under the LGPL, and other parts under licences of their own.</source>
        <translation>Freie Software unter der Apache-Lizenz 2.0. Sie nutzt Qt unter der LGPL und weitere Teile unter eigenen Lizenzen.</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Licences of its parts</source>
        <translation>Lizenzen der Bestandteile</translation>
    </message>
</context>
<context>
    <name>Slideshow</name>
    <message>
        <source>Slideshow</source>
        <translation>Diashow</translation>
    </message>
    <message>
        <source>Space: pause · ← →: step · + -: seconds · Esc: end</source>
        <translation>Leertaste: Pause · ← →: blättern · + -: Sekunden · Esc: beenden</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} von {count}</translation>
    </message>
    <message numerus="yes">
        <source>%n second(s) for each photo</source>
        <translation>
            <numerusform>%n Sekunde für jedes Foto</numerusform>
            <numerusform>%n Sekunden für jedes Foto</numerusform>
        </translation>
    </message>
    <message>
        <source>None of these photos is there at the moment.</source>
        <translation>Keines dieser Fotos ist gerade da.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) passed over: not there at the moment</source>
        <translation>
            <numerusform>%n Foto übergangen: gerade nicht da</numerusform>
            <numerusform>%n Fotos übergangen: gerade nicht da</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Size of the photos</source>
        <translation>Größe der Fotos</translation>
    </message>
    <message numerus="yes">
        <source>%n new photo(s)</source>
        <translation>
            <numerusform>%n neues Foto</numerusform>
            <numerusform>%n neue Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) changed</source>
        <translation>
            <numerusform>%n Foto geändert</numerusform>
            <numerusform>%n Fotos geändert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) gone</source>
        <translation>
            <numerusform>%n Foto entfernt</numerusform>
            <numerusform>%n Fotos entfernt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be used</source>
        <translation>
            <numerusform>%n Datei nicht verwendbar</numerusform>
            <numerusform>%n Dateien nicht verwendbar</numerusform>
        </translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Waiting for another CapSearch that is looking through photos</source>
        <translation>Wartet auf ein anderes CapSearch, das gerade Fotos durchsieht</translation>
    </message>
    <message>
        <source>Paused: on battery</source>
        <translation>Angehalten: Akkubetrieb</translation>
    </message>
    <message>
        <source>{done} of {total} photos for {encoder}</source>
        <translation>{done} von {total} Fotos für {encoder}</translation>
    </message>
    <message>
        <source>{done} of {total} new photos</source>
        <translation>{done} von {total} neuen Fotos</translation>
    </message>
    <message>
        <source>Paused at {done}</source>
        <translation>Angehalten bei {done}</translation>
    </message>
    <message>
        <source>{rate} a second</source>
        <translation>{rate} pro Sekunde</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
</context>
<context>
    <name>SubjectCard</name>
    <message>
        <source>Choose {name}</source>
        <translation>{name} auswählen</translation>
    </message>
    <message>
        <source>Tick several to put them together</source>
        <translation>Hake mehrere an, um sie zusammenzulegen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Name…</source>
        <translation>Benennen…</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>More for {name}</source>
        <translation>Mehr zu {name}</translation>
    </message>
    <message>
        <source>my {what}</source>
        <translation>mein/e {what}</translation>
    </message>
    <message>
        <source>Prefer it again</source>
        <translation>Wieder bevorzugen</translation>
    </message>
    <message>
        <source>Never prefer this</source>
        <translation>Nie bevorzugen</translation>
    </message>
    <message>
        <source>Forget what I said of it</source>
        <translation>Vergessen, was ich dazu gesagt habe</translation>
    </message>
</context>
<context>
    <name>SubjectView</name>
    <message>
        <source>Name…</source>
        <translation>Benennen…</translation>
    </message>
    <message>
        <source>Not this</source>
        <translation>Das nicht</translation>
    </message>
    <message>
        <source>Something else, by itself</source>
        <translation>Etwas anderes, für sich</translation>
    </message>
    <message>
        <source>Yes, this is it</source>
        <translation>Ja, das ist es</translation>
    </message>
    <message>
        <source>The chosen photos do not show it</source>
        <translation>Die gewählten Fotos zeigen es nicht</translation>
    </message>
    <message>
        <source>The chosen photos show another thing: set them apart</source>
        <translation>Die gewählten Fotos zeigen etwas anderes: für sich stellen</translation>
    </message>
    <message>
        <source>The chosen photos surely show it</source>
        <translation>Die gewählten Fotos zeigen es sicher</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
</context>
<context>
    <name>SubjectWords</name>
    <message>
        <source>No name yet</source>
        <translation>Noch ohne Namen</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n Foto</numerusform>
            <numerusform>%n Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>comes back on %n days in {year}</source>
        <translation>
            <numerusform>kehrt {year} an %n Tag wieder</numerusform>
            <numerusform>kehrt {year} an %n Tagen wieder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>comes back on %n days since {year}</source>
        <translation>
            <numerusform>kehrt seit {year} an %n Tag wieder</numerusform>
            <numerusform>kehrt seit {year} an %n Tagen wieder</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them CapSearch has added by their looks</source>
        <translation>
            <numerusform>%n davon hat CapSearch dem Aussehen nach dazugenommen</numerusform>
            <numerusform>%n davon hat CapSearch dem Aussehen nach dazugenommen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SuggestionModel</name>
    <message>
        <source>{name}, {count} photos</source>
        <translation>{name}, {count} Fotos</translation>
    </message>
</context>
<context>
    <name>ThisDayLink</name>
    <message numerus="yes">
        <source>On this day: %n photo(s) since {year}</source>
        <translation>
            <numerusform>An diesem Tag: %n Foto seit {year}</numerusform>
            <numerusform>An diesem Tag: %n Fotos seit {year}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UnderstoodBar</name>
    <message>
        <source>not {what}</source>
        <translation>nicht {what}</translation>
    </message>
    <message>
        <source>Showing photos for “{read}”.</source>
        <translation>Das sind Fotos zu „{read}“.</translation>
    </message>
    <message>
        <source>Search for “{typed}” instead</source>
        <translation>Stattdessen nach „{typed}“ suchen</translation>
    </message>
    <message>
        <source>Read in English: {words}</source>
        <translation>Auf Englisch gelesen: {words}</translation>
    </message>
    <message>
        <source>The search model in use knows everyday English.</source>
        <translation>Das verwendete Suchmodell kann Alltagsenglisch.</translation>
    </message>
    <message>
        <source>Other models…</source>
        <translation>Andere Modelle …</translation>
    </message>
    <message>
        <source>As everybody would get it, this time.</source>
        <translation>Diesmal, wie alle es bekämen.</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>Wie sonst</translation>
    </message>
    <message>
        <source>Your own photos change nothing here: everybody would get this order.</source>
        <translation>Deine Fotos ändern hier nichts: Alle bekämen diese Reihenfolge.</translation>
    </message>
    <message>
        <source>CapSearch is not sure which of yours is meant.</source>
        <translation>CapSearch ist nicht sicher, was von deinem gemeint ist.</translation>
    </message>
    <message>
        <source>CapSearch has not learned yet what comes back in your photos.</source>
        <translation>CapSearch hat noch nicht gelernt, was in deinen Fotos wiederkehrt.</translation>
    </message>
    <message>
        <source>What it has learned…</source>
        <translation>Was es gelernt hat…</translation>
    </message>
    <message>
        <source>CapSearch does not know the word “{word}”.</source>
        <translation>CapSearch kennt das Wort „{word}“ nicht.</translation>
    </message>
    <message>
        <source>Did you mean “{word}”?</source>
        <translation>Meintest du „{word}“?</translation>
    </message>
</context>
<context>
    <name>VideoPlayer</name>
    <message>
        <source>The video is not there at the moment.</source>
        <translation>Das Video ist gerade nicht da.</translation>
    </message>
    <message>
        <source>No program for videos was found on this computer.</source>
        <translation>Auf diesem Rechner wurde kein Programm für Videos gefunden.</translation>
    </message>
    <message>
        <source>The video cannot be played: {}</source>
        <translation>Das Video kann nicht abgespielt werden: {}</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Start with this folder</source>
        <translation>Mit diesem Ordner beginnen</translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation>Anderen Ordner wählen …</translation>
    </message>
    <message>
        <source>Find any photo by saying what is on it</source>
        <translation>Finde jedes Foto, indem du sagst, was darauf ist</translation>
    </message>
    <message>
        <source>CapSearch looks through your photos once, and you can search while it does.
Everything stays on this computer, and your photos are never changed.</source>
        <translation>CapSearch sieht deine Fotos einmal durch; suchen kannst du schon währenddessen.
Alles bleibt auf diesem Rechner, und deine Fotos werden nie verändert.</translation>
    </message>
    <message>
        <source>Choose your photo folder…</source>
        <translation>Fotoordner wählen …</translation>
    </message>
    <message>
        <source>Choose a folder with photos</source>
        <translation>Wähle einen Ordner mit Fotos</translation>
    </message>
</context>
<context>
    <name>_PersonWords</name>
    <message numerus="yes">
        <source>{name} is in your photos on %n day(s).</source>
        <translation>
            <numerusform>{name} ist an %n Tag auf deinen Fotos.</numerusform>
            <numerusform>{name} ist an %n Tagen auf deinen Fotos.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>dates</name>
    <message>
        <source>No date</source>
        <translation>Ohne Datum</translation>
    </message>
    <message>
        <source>less than a minute</source>
        <translation>weniger als eine Minute</translation>
    </message>
    <message>
        <source>about {} min</source>
        <translation>etwa {} min</translation>
    </message>
    <message>
        <source>about {} h</source>
        <translation>etwa {} h</translation>
    </message>
</context>
<context>
    <name>last_crash</name>
    <message>
        <source>CapSearch had a problem</source>
        <translation>CapSearch hatte ein Problem</translation>
    </message>
    <message>
        <source>Something went wrong when CapSearch ran last.</source>
        <translation>Beim letzten Mal ist etwas schiefgegangen.</translation>
    </message>
    <message>
        <source>Your library and your photos are safe. The details were kept on this computer and sent nowhere; they help if you want to report the problem.</source>
        <translation>Deine Bibliothek und deine Fotos sind sicher. Die Einzelheiten liegen auf diesem Rechner und wurden nirgendwohin geschickt; sie helfen, wenn du das Problem melden willst.</translation>
    </message>
</context>
<context>
    <name>models</name>
    <message>
        <source>Starter</source>
        <translation>Starter</translation>
    </message>
    <message>
        <source>CLIP, quick</source>
        <translation>CLIP, schnell</translation>
    </message>
    <message>
        <source>CLIP, balanced</source>
        <translation>CLIP, ausgewogen</translation>
    </message>
    <message>
        <source>CLIP, finer</source>
        <translation>CLIP, feiner</translation>
    </message>
    <message>
        <source>SigLIP 2, many languages</source>
        <translation>SigLIP 2, viele Sprachen</translation>
    </message>
    <message>
        <source>CLIP, large</source>
        <translation>CLIP, groß</translation>
    </message>
    <message>
        <source>Knows everyday scenes and things. English.</source>
        <translation>Kennt Alltagsszenen und -dinge. Englisch.</translation>
    </message>
    <message>
        <source>The quickest full CLIP. English.</source>
        <translation>Das schnellste vollwertige CLIP. Englisch.</translation>
    </message>
    <message>
        <source>Nearly as quick and better: the first to try. English.</source>
        <translation>Fast so schnell und besser: das erste zum Ausprobieren. Englisch.</translation>
    </message>
    <message>
        <source>Finer details, a third of the speed. English.</source>
        <translation>Feinere Einzelheiten, ein Drittel so schnell. Englisch.</translation>
    </message>
    <message>
        <source>The best of its size. English.</source>
        <translation>Das beste seiner Größe. Englisch.</translation>
    </message>
    <message>
        <source>Understands more than 100 languages.</source>
        <translation>Versteht mehr als 100 Sprachen.</translation>
    </message>
    <message>
        <source>For a graphics card. English.</source>
        <translation>Für eine Grafikkarte. Englisch.</translation>
    </message>
    <message>
        <source>Small and good. English.</source>
        <translation>Klein und gut. Englisch.</translation>
    </message>
    <message>
        <source>Imported from a file of yours.</source>
        <translation>Aus einer deiner Dateien importiert.</translation>
    </message>
    <message>
        <source>A file of yours, or a name that you gave.</source>
        <translation>Eine deiner Dateien oder ein Name, den du angegeben hast.</translation>
    </message>
    <message>
        <source>Found among the models of this computer.</source>
        <translation>Unter den Modellen dieses Rechners gefunden.</translation>
    </message>
    <message>
        <source>Quality: fair</source>
        <translation>Qualität: mittel</translation>
    </message>
    <message>
        <source>Quality: good</source>
        <translation>Qualität: gut</translation>
    </message>
    <message>
        <source>Quality: high</source>
        <translation>Qualität: hoch</translation>
    </message>
    <message>
        <source>Speed: fast</source>
        <translation>Tempo: schnell</translation>
    </message>
    <message>
        <source>Speed: medium</source>
        <translation>Tempo: mittel</translation>
    </message>
    <message>
        <source>Speed: slow</source>
        <translation>Tempo: langsam</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>Lizenz: {licence}</translation>
    </message>
    <message>
        <source>Asking for it…</source>
        <translation>Wird angefragt …</translation>
    </message>
    <message>
        <source>First PyTorch: {done} of {total}</source>
        <translation>Zuerst PyTorch: {done} von {total}</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{rate} a second</source>
        <translation>{rate} pro Sekunde</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <source>Importing {file}…</source>
        <translation>{file} wird importiert …</translation>
    </message>
    <message>
        <source>{file} is copied and is tried out now…</source>
        <translation>{file} ist kopiert und wird nun ausprobiert …</translation>
    </message>
    <message>
        <source>Importing {file}: {progress}</source>
        <translation>{file} wird importiert: {progress}</translation>
    </message>
    <message>
        <source>There is no connection. What has arrived is kept: go on when you are online.</source>
        <translation>Es gibt keine Verbindung. Was angekommen ist, bleibt: weiter geht es, sobald du online bist.</translation>
    </message>
    <message>
        <source>There is not enough room on the disk. Free some space, then go on.</source>
        <translation>Auf der Festplatte ist nicht genug Platz. Schaffe Platz, dann geht es weiter.</translation>
    </message>
    <message>
        <source>What arrives is not what was announced, and is not used. Try again, from another network if it happens twice.</source>
        <translation>Was ankommt, ist nicht das Angekündigte und wird nicht benutzt. Versuche es noch einmal, beim zweiten Mal aus einem anderen Netz.</translation>
    </message>
    <message>
        <source>The server does not give this model now. Try later, or choose another.</source>
        <translation>Der Server gibt dieses Modell gerade nicht her. Versuche es später, oder wähle ein anderes.</translation>
    </message>
    <message>
        <source>Another CapSearch is downloading it. Wait until that has finished.</source>
        <translation>Ein anderes CapSearch lädt es gerade herunter. Warte, bis das fertig ist.</translation>
    </message>
</context>
<context>
    <name>notices</name>
    <message>
        <source>{folder} is connected again.</source>
        <translation>{folder} ist wieder verbunden.</translation>
    </message>
    <message>
        <source>{folder} cannot be reached now. Its photos stay here.</source>
        <translation>{folder} ist gerade nicht erreichbar. Die Fotos daraus bleiben hier stehen.</translation>
    </message>
    <message>
        <source>The search engine had stopped and was started again.</source>
        <translation>Die Suche war stehen geblieben und wurde neu gestartet.</translation>
    </message>
    <message>
        <source>The search engine keeps stopping. Start CapSearch again, please.</source>
        <translation>Die Suche bleibt immer wieder stehen. Bitte starte CapSearch neu.</translation>
    </message>
    <message>
        <source>Looking through your photos was interrupted and goes on now.</source>
        <translation>Das Durchsehen der Fotos wurde unterbrochen und geht jetzt weiter.</translation>
    </message>
</context>
<context>
    <name>photos</name>
    <message>
        <source>result {number} of {count}</source>
        <translation>Ergebnis {number} von {count}</translation>
    </message>
    <message>
        <source>photo {number} of {count}</source>
        <translation>Foto {number} von {count}</translation>
    </message>
    <message>
        <source>Video, {length}</source>
        <translation>Video, {length}</translation>
    </message>
    <message>
        <source>With a video</source>
        <translation>Mit Video</translation>
    </message>
</context>
<context>
    <name>reasons</name>
    <message>
        <source>It looks like “{words}”.</source>
        <translation>Es sieht aus wie „{words}“.</translation>
    </message>
    <message>
        <source>You said that this is what you mean.</source>
        <translation>Du hast gesagt, dass du das meinst.</translation>
    </message>
    <message>
        <source>You said that you do not mean this.</source>
        <translation>Du hast gesagt, dass du das nicht meinst.</translation>
    </message>
    <message>
        <source>Its title: {words}</source>
        <translation>Sein Titel: {words}</translation>
    </message>
    <message>
        <source>Its description: {words}</source>
        <translation>Seine Beschreibung: {words}</translation>
    </message>
    <message>
        <source>Named on it: {words}</source>
        <translation>Darauf benannt: {words}</translation>
    </message>
    <message>
        <source>Its keyword: {words}</source>
        <translation>Sein Stichwort: {words}</translation>
    </message>
    <message>
        <source>Taken in {words}</source>
        <translation>Aufgenommen in {words}</translation>
    </message>
    <message>
        <source>Its folder: {words}</source>
        <translation>Sein Ordner: {words}</translation>
    </message>
    <message>
        <source>Its file name: {words}</source>
        <translation>Sein Dateiname: {words}</translation>
    </message>
    <message>
        <source>Its camera: {words}</source>
        <translation>Seine Kamera: {words}</translation>
    </message>
    <message>
        <source>Without your collection it would stand far behind, not in place {now}.</source>
        <translation>Ohne deine Sammlung stünde es weit hinten, nicht auf Platz {now}.</translation>
    </message>
    <message>
        <source>Your collection moved it far back from place {before}.</source>
        <translation>Deine Sammlung hat es von Platz {before} weit nach hinten gerückt.</translation>
    </message>
    <message>
        <source>Your collection moved it from place {before} to {now}.</source>
        <translation>Deine Sammlung hat es von Platz {before} auf {now} gerückt.</translation>
    </message>
    <message>
        <source>It fits what “{words}” mostly is in your photos.</source>
        <translation>Es passt zu dem, was „{words}“ in deinen Fotos meist ist.</translation>
    </message>
    <message>
        <source>Other photos fit better what “{words}” mostly is in your collection.</source>
        <translation>Andere Fotos passen besser zu dem, was „{words}“ in deiner Sammlung meist ist.</translation>
    </message>
    <message>
        <source>What it shows keeps coming back in your photos.</source>
        <translation>Was darauf ist, kommt in deinen Fotos immer wieder.</translation>
    </message>
    <message>
        <source>Photos of what keeps coming back were put before it.</source>
        <translation>Fotos von dem, was immer wiederkommt, wurden davor gestellt.</translation>
    </message>
    <message>
        <source>It looks like few other things, so it was moved up.</source>
        <translation>Es sieht wenig anderem ähnlich, darum wurde es nach vorn gerückt.</translation>
    </message>
    <message>
        <source>It looks like nearly everything, so it was moved back.</source>
        <translation>Es sieht fast allem ähnlich, darum wurde es nach hinten gerückt.</translation>
    </message>
</context>
</TS>
