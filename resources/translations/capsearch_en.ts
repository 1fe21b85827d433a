<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
 <context>
  <name>PhotoMenu</name>
  <message numerus="yes">
   <source>Show all %n near copies</source>
   <translation>
    <numerusform>Show %n near copy</numerusform>
    <numerusform>Show all %n near copies</numerusform>
   </translation>
  </message>
 <message numerus="yes"><source>%Ln selected</source><translation><numerusform>%Ln selected</numerusform><numerusform>%Ln selected</numerusform></translation></message></context>
 <context>
  <name>DetailsPanel</name>
  <message numerus="yes">
   <source>%n near copies</source>
   <translation>
    <numerusform>%n near copy</numerusform>
    <numerusform>%n near copies</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>EncoderPage</name>
  <message numerus="yes">
   <source>It takes over when it has seen %Ln photo(s) on drives that are away, too.</source>
   <translation>
    <numerusform>It takes over when it has seen %Ln photo on a drive that is away, too.</numerusform>
    <numerusform>It takes over when it has seen %Ln photos on drives that are away, too.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>Forget what {encoder} has made of %Ln photo(s)?</source>
   <translation>
    <numerusform>Forget what {encoder} has made of %Ln photo?</numerusform>
    <numerusform>Forget what {encoder} has made of %Ln photos?</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>FoldersPage</name>
  <message numerus="yes">
   <source>%Ln photo(s) leave the library.</source>
   <translation>
    <numerusform>%Ln photo leaves the library.</numerusform>
    <numerusform>%Ln photos leave the library.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%Ln of its photos stay, because other folders hold them too.</source>
   <translation>
    <numerusform>%Ln of its photos stays, because other folders hold it too.</numerusform>
    <numerusform>%Ln of its photos stay, because other folders hold them too.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>LibraryPage</name>
  <message numerus="yes">
   <source>Show %n less similar photo(s)</source>
   <translation>
    <numerusform>Show %n less similar photo</numerusform>
    <numerusform>Show %n less similar photos</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>MainWindow</name>
  <message numerus="yes">
        <source>Show the nearest %n photo(s)</source>
        <translation>
            <numerusform>Show the nearest photo</numerusform>
            <numerusform>Show the nearest %n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
   <source>%n photo(s)</source>
   <translation>
    <numerusform>%n photo</numerusform>
    <numerusform>%n photos</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>StatusBar</name>
  <message numerus="yes">
   <source>%n new photo(s)</source>
   <translation>
    <numerusform>%n new photo</numerusform>
    <numerusform>%n new photos</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s) changed</source>
   <translation>
    <numerusform>%n photo changed</numerusform>
    <numerusform>%n photos changed</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n photo(s) gone</source>
   <translation>
    <numerusform>%n photo gone</numerusform>
    <numerusform>%n photos gone</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n file(s) could not be used</source>
   <translation>
    <numerusform>%n file could not be used</numerusform>
    <numerusform>%n files could not be used</numerusform>
   </translation>
  </message>
 </context>
<context><name>ChosenBar</name><message numerus="yes"><source>%Ln selected</source><translation><numerusform>%Ln selected</numerusform><numerusform>%Ln selected</numerusform></translation></message></context><context><name>ChosenDesk</name><message numerus="yes"><source>%Ln photo(s) copied to {folder}.</source><translation><numerusform>%Ln photo copied to {folder}.</numerusform><numerusform>%Ln photos copied to {folder}.</numerusform></translation></message><message numerus="yes"><source>%Ln of the photos were copied before.</source><translation><numerusform>%Ln of the photos was copied before.</numerusform><numerusform>%Ln of the photos were copied before.</numerusform></translation></message><message numerus="yes"><source>%Ln photo(s) are not there at the moment.</source><translation><numerusform>%Ln photo is not there at the moment.</numerusform><numerusform>%Ln photos are not there at the moment.</numerusform></translation></message><message numerus="yes"><source>%Ln photo(s) listed in {file}.</source><translation><numerusform>%Ln photo listed in {file}.</numerusform><numerusform>%Ln photos listed in {file}.</numerusform></translation></message></context><context><name>Slideshow</name><message numerus="yes"><source>%n second(s) for each photo</source><translation><numerusform>%n second for each photo</numerusform><numerusform>%n seconds for each photo</numerusform></translation></message><message numerus="yes"><source>%n photo(s) passed over: not there at the moment</source><translation><numerusform>%n photo passed over: not there at the moment</numerusform><numerusform>%n photos passed over: not there at the moment</numerusform></translation></message></context><context><name>ThisDayLink</name><message numerus="yes"><source>On this day: %n photo(s) since {year}</source><translation><numerusform>On this day: %n photo since {year}</numerusform><numerusform>On this day: %n photos since {year}</numerusform></translation></message></context><context><name>FirstRunPage</name><message numerus="yes"><source>%Ln photo(s) found</source><translation><numerusform>One photo found</numerusform><numerusform>%Ln photos found</numerusform></translation></message><message numerus="yes"><source>%Ln photo(s) found so far</source><translation><numerusform>One photo found so far</numerusform><numerusform>%Ln photos found so far</numerusform></translation></message></context><context><name>MapPage</name><message numerus="yes"><source>%n photo(s)</source><translation><numerusform>%n photo</numerusform><numerusform>%n photos</numerusform></translation></message><message numerus="yes"><source>%n photo(s) with a place</source><translation><numerusform>%n photo with a place</numerusform><numerusform>%n photos with a place</numerusform></translation></message></context><context><name>LearnedPage</name><message numerus="yes"><source>%n subjects are one now.</source><translation><numerusform>%n subject is one now.</numerusform><numerusform>%n subjects are one now.</numerusform></translation></message><message numerus="yes"><source>%n photo(s) taken out.</source><translation><numerusform>%n photo taken out.</numerusform><numerusform>%n photos taken out.</numerusform></translation></message><message numerus="yes"><source>%n photo(s) confirmed.</source><translation><numerusform>%n photo confirmed.</numerusform><numerusform>%n photos confirmed.</numerusform></translation></message><message numerus="yes"><source>Put %n together</source><translation><numerusform>Put %n together</numerusform><numerusform>Put %n together</numerusform></translation></message></context><context><name>SubjectWords</name><message numerus="yes"><source>%n photo(s)</source><translation><numerusform>%n photo</numerusform><numerusform>%n photos</numerusform></translation></message><message numerus="yes"><source>comes back on %n days in {year}</source><translation><numerusform>comes back on %n day in {year}</numerusform><numerusform>comes back on %n days in {year}</numerusform></translation></message><message numerus="yes"><source>comes back on %n days since {year}</source><translation><numerusform>comes back on %n day since {year}</numerusform><numerusform>comes back on %n days since {year}</numerusform></translation></message><message numerus="yes"><source>%n of them CapSearch has added by their looks</source><translation><numerusform>%n of them CapSearch has added by its looks</numerusform><numerusform>%n of them CapSearch has added by their looks</numerusform></translation></message></context><context><name>_PersonWords</name><message numerus="yes"><source>{name} is in your photos on %n day(s).</source><translation><numerusform>{name} is in your photos on %n day.</numerusform><numerusform>{name} is in your photos on %n days.</numerusform></translation></message></context></TS>
