package org.lugha.models.corpus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.models.data.DataFile;

class CorpusCheckTest {
    @TempDir private Path folder;

    private static List<String> check(Path file, String format) {
        List<String> found = new ArrayList<>();
        CorpusCheck check =
                new CorpusCheck(
                        new CorpusCheck.Options(null, false, true),
                        f -> found.add(f.level() + " " + f.rule() + " " + f.place().line()));
        check.run(List.of(new DataFile(file, "", format, "")), _ -> {});
        return found;
    }

    private List<String> check(String name, List<String> lines) throws IOException {
        return check(Files.write(folder.resolve(name), lines), "");
    }

    private List<String> check(String name, String content) throws IOException {
        return check(Files.writeString(folder.resolve(name), content), "");
    }

    @Test
    void everyBadLineIsReportedWithItsNumber() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write("\uFEFF{\"text\":\"good\"}\r\n{\"text\":\"caf".getBytes(UTF_8));
        bytes.write("é\"}\n".getBytes(ISO_8859_1));
        bytes.write(
                "{\"text\":\n\n[1]\n{\"text\":5}\n{\"txt\":\"a\"}\n{\"text\":\" \"}"
                        .getBytes(UTF_8));
        Path file = Files.write(folder.resolve("a.jsonl"), bytes.toByteArray());
        assertEquals(
                List.of(
                        "ERROR utf8 2",
                        "ERROR json 3",
                        "ERROR json 5",
                        "ERROR field 6",
                        "ERROR field 7",
                        "ERROR empty 8",
                        "NOTE mark 0",
                        "NOTE crlf 0",
                        "NOTE blank 0"),
                check(file, ""));
    }

    @Test
    void whatIsWrongWithinATextIsNamed() throws IOException {
        List<String> found =
                check(
                        "a.jsonl",
                        List.of(
                                "{\"text\":\"bell \\u0007\"}",
                                "{\"text\":\"half \\ud800\"}",
                                "{\"text\":\"lost \uFFFD\"}",
                                "{\"text\":\"tab\\t and line\\n and joiner\u200D are fine\"}",
                                "{\"text\":\"cafÃ©\"}",
                                "{\"text\":\"o\u0301\"}",
                                "{\"text\":\"\uFEFFx\uFFFE\"}",
                                "{\"text\":\"e\u0301\"}"));
        assertEquals(
                List.of(
                        "ERROR control 1",
                        "ERROR surrogate 2",
                        "WARNING replacement 3",
                        "WARNING mojibake 5",
                        "WARNING invisible 7",
                        "ERROR noncharacter 7",
                        "WARNING nfc 6"),
                found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "translation | {'src_lang':'a','tgt_lang':'b','src':'x','tgt':' x'} | WARNING copy 1",
                "translation | {'src_lang':'a','src':'x','tgt':'y'} | ERROR field 1",
                "completion | {'prompt':'','completion':'y'} |",
                "completion | {'prompt':'x','completion':''} | ERROR empty 1",
                "completion | {'prompt':[{'role':'user','content':'a'}],'completion':[]} | ERROR empty 1",
                "chat | {'messages':[]} | ERROR empty 1",
                "chat | {'messages':[{'role':'user','content':'a'},{'role':'assistant','content':'b'}]} |",
                "chat | {'messages':[{'role':'bot','content':'a'},{'role':'assistant','content':'b'}]} | ERROR role 1",
                "chat | {'messages':[{'role':'user','content':'a'}]} | WARNING uncounted 1",
                "segments | {'segments':[{'text':'a','train':false},{'text':'b','train':true}]} |",
                "segments | {'segments':[{'text':'a','train':1},{'text':'b','train':true}]} | ERROR field 1",
                "ids | {'input_ids':[1,2,3]} |",
                "ids | {'input_ids':[1,2],'labels':[1]} | ERROR ids 1",
            })
    void everyFormatHasItsRules(String format, String line, String expected) throws IOException {
        Path file = Files.writeString(folder.resolve("f.jsonl"), line.replace('\'', '"'));
        List<String> wanted = expected == null ? List.of() : List.of(expected);
        assertEquals(wanted, check(file, format));
        assertEquals(wanted, check(file, format.equals("completion") ? format : ""));
    }

    @Test
    void tablesAndTexts() throws IOException {
        assertEquals(
                List.of("ERROR columns 3", "ERROR empty 4"),
                check("a.tsv", "prompt\tcompletion\na\tb\nc\nd\t\n"));
        assertEquals(List.of("ERROR empty 0", "NOTE blank 0"), check("a.txt", "\n \n"));
        assertEquals(
                List.of("WARNING duplicate 3", "NOTE near 4"),
                check(
                        "b.txt",
                        "The river is very wide here in the north.\nother\n\"the river is very WIDE here in the North\"\nThe river is very wide here in the north too\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "ọ̀rọ̀", "kɛlɛ", "tɔgɔ", "’", "ሰላም", "ẹ́", "Ñandu ã", "“"})
    void textReadInAnotherEncodingIsNoticed(String s) {
        for (Charset wrong : List.of(ISO_8859_1, Charset.forName("windows-1252"))) {
            String read = new String(s.getBytes(UTF_8), wrong);
            if (read.indexOf('\uFFFD') < 0) {
                assertNotNull(Mojibake.find("x " + read + " y"), read);
            }
        }
        assertNull(Mojibake.find(s + " " + s));
    }

    @Test
    void goodTextIsNotTakenForDamage() {
        assertNull(Mojibake.find("« CAFÉ » «café\u00A0» “É” ‘É’ ROMÂ» IRMÃ… à–é É— Ñ’ Ã"));
    }

    @Test
    void thePublishedTextIsClean() throws IOException {
        Path data = Path.of(System.getProperty("lugha.shared", ""), "data");
        Assumptions.assumeTrue(Files.isDirectory(data), "needs the shared data sets");
        for (String name :
                List.of("parallel/eng-yor.train.jsonl", "mono/dzo_Tibt.txt", "udhr/yor.txt")) {
            Stream<String> serious =
                    check(data.resolve(name), "").stream().filter(f -> !f.startsWith("NOTE near"));
            assertEquals(List.of(), serious.toList());
        }
    }
}
