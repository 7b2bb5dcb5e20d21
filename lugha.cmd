@rem Starts Lugha from its source tree, as the script lugha does elsewhere. It builds once: after a change of
@rem sources delete the folder tools\target\run. JVM flags of your own: set LUGHA_JAVA_OPTS=-Xmx8g
@echo off
setlocal
set "ROOT=%~dp0"
set "JAR=%ROOT%tools\target\run\lugha.jar"
set "LOG=%ROOT%target\lugha-build.log"
call "%ROOT%.mvn\jdk.cmd" || exit /b 2
if exist "%JAR%" goto run
echo lugha: building, since it is the first start 1>&2
if not exist "%ROOT%target" mkdir "%ROOT%target"
pushd "%ROOT%"
call "%ROOT%mvnw.cmd" -B -ntp -P "!strict" "-Dlugha.folder=target/run" "-Dmaven.test.skip=true" "-Dcheckstyle.skip=true" package >"%LOG%" 2>&1
set "BUILT=%ERRORLEVEL%"
popd
if not "%BUILT%"=="0" (
  if exist "%JAR%" del "%JAR%"
  echo lugha: the build failed, the reason is in %LOG% 1>&2
  exit /b 1
)
:run
set "HEAP="
if "%~1"=="train" set "HEAP=-XX:+UseSerialGC -Xms32m"
if "%~1"=="bench" set "HEAP=-XX:+UseSerialGC -Xms32m"
"%JAVA_HOME%\bin\java.exe" %HEAP% --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:Tier3DelayOn=10000 "-Djava.util.logging.SimpleFormatter.format=%%4$s: %%5$s%%6$s%%n" %LUGHA_JAVA_OPTS% -cp "%JAR%" org.lugha.tools.Main %*
exit /b %ERRORLEVEL%
