@rem Called by mvnw.cmd and lugha.cmd: finds a JDK 25 or newer and sets JAVA_HOME, as jdk.sh does elsewhere.
@echo off
if defined JAVA_HOME call :fits "%JAVA_HOME%" && exit /b 0
for %%J in (java.exe) do if not "%%~$PATH:J"=="" call :fits "%%~dp$PATH:J.." && exit /b 0
for %%R in (
  "%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu"
  "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\BellSoft" "%LocalAppData%\Programs\Eclipse Adoptium"
  "%USERPROFILE%\.jdks"
) do for /d %%D in ("%%~R\*") do call :fits "%%~D" && exit /b 0
echo lugha: needs a JDK 25 or newer: none at JAVA_HOME, on PATH or in the usual install folders; get one from https://adoptium.net, then try again or set JAVA_HOME 1>&2
exit /b 2

:fits
if not exist "%~1\bin\javac.exe" exit /b 1
if not exist "%~1\release" exit /b 1
for /f "tokens=2 delims==" %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do (
  for /f "tokens=1 delims=.-" %%M in ("%%~V") do if %%M GEQ 25 (
    set "JAVA_HOME=%~f1"
    exit /b 0
  )
)
exit /b 1
