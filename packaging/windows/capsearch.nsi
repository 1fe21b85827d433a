; CapSearch's installer: for the user who runs it, without an administrator. packaging/formats.py
; gives VERSION, FILES (a pattern), ICON, LICENCE, KILOBYTES and OUTPUT.

Unicode true
SetCompressor /SOLID lzma
!include "MUI2.nsh"
!include "LogicLib.nsh"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\CapSearch"

Name "CapSearch"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\CapSearch"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
RequestExecutionLevel user
ManifestDPIAware true

VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "CapSearch"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "CapSearch installer"
VIAddVersionKey "LegalCopyright" "Apache License 2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\capsearchw.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString RUNNING ${LANG_ENGLISH} "CapSearch is running. Close it, then try again."
LangString RUNNING ${LANG_GERMAN} "CapSearch läuft noch. Bitte beenden und dann noch einmal versuchen."

; A program that runs keeps its file from being opened for writing.
!macro RequireClosed label
  ${label}:
  ${If} ${FileExists} "$INSTDIR\capsearchw.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\capsearchw.exe" a
    ${If} ${Errors}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY ${label}
      Abort
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

Section
  !insertmacro RequireClosed install_again
  ; An older version's libraries must not stay beside the new ones. Only what we put there goes.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${FILES}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\CapSearch.lnk" "$INSTDIR\capsearchw.exe"
  WriteRegStr HKCU "${KEY}" "DisplayName" "CapSearch"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\capsearchw.exe"
  WriteRegStr HKCU "${KEY}" "Publisher" "The CapSearch project"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

; The library and the settings stay: they lie in the user's data folder, which is not touched.
Section "Uninstall"
  !insertmacro RequireClosed remove_again
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\capsearch.exe"
  Delete "$INSTDIR\capsearchw.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\CapSearch.lnk"
  DeleteRegKey HKCU "${KEY}"
SectionEnd
