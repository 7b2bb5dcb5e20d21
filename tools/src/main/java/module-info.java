/** The command line. */
module org.lugha.tools {
    requires org.lugha.models;
    requires info.picocli;
}
