/** The command line. */
module org.lugha.tools {
    requires org.lugha.models;
    requires info.picocli;
    requires tools.jackson.databind;
    requires java.management;
    requires jdk.management;

    opens org.lugha.tools to
            info.picocli;
    opens org.lugha.tools.command to
            info.picocli;
}
