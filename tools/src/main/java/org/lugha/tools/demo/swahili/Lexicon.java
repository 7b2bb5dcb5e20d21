package org.lugha.tools.demo.swahili;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The word lists, read from the tab-separated tables beside this class. */
record Lexicon(List<Noun> nouns, List<Adjective> adjectives, List<Verb> verbs, List<Place> places) {
    private static final String NONE = "-";

    static Lexicon load() {
        return new Lexicon(
                rows("nouns.tsv", 6).map(Lexicon::noun).toList(),
                rows("adjectives.tsv", 4).map(Lexicon::adjective).toList(),
                rows("verbs.tsv", 8).map(Lexicon::verb).toList(),
                rows("places.tsv", 4).map(Lexicon::place).toList());
    }

    List<Noun> nouns(Set<String> tags) {
        return nouns.stream()
                .filter(noun -> noun.tags().stream().anyMatch(tags::contains))
                .toList();
    }

    List<Adjective> adjectives(Noun noun) {
        return adjectives.stream().filter(adjective -> adjective.fits(noun)).toList();
    }

    List<Place> places(Set<String> tags) {
        return places.stream()
                .filter(place -> place.tags().stream().anyMatch(tags::contains))
                .toList();
    }

    private static Noun noun(String[] row) {
        String[] classes = row[0].split("/", -1);
        boolean mass = classes[1].equals(NONE);
        String regular = mass ? "" : EnglishForms.plural(row[3]);
        return new Noun(
                NounClass.valueOf("C" + classes[0]),
                mass ? null : NounClass.valueOf("C" + classes[1]),
                row[1],
                mass ? "" : row[2],
                row[3],
                row[4].equals(NONE) ? regular : row[4],
                tags(row[5]));
    }

    private static Adjective adjective(String[] row) {
        return new Adjective(row[0], row[1], row[2].equals("concord"), tags(row[3]));
    }

    private static Verb verb(String[] row) {
        EnglishVerb regular = EnglishVerb.regular(row[0]);
        EnglishVerb english =
                new EnglishVerb(
                        row[0],
                        row[1].equals(NONE) ? regular.past() : row[1],
                        row[2].equals(NONE) ? regular.participle() : row[2]);
        Set<String> flags = tags(row[7]);
        return new Verb(
                english,
                row[3],
                tags(row[4]),
                tags(row[5]),
                tags(row[6]),
                flags.contains("ku"),
                flags.contains("state"),
                flags.contains("goal"));
    }

    private static Place place(String[] row) {
        return new Place(row[0], row[1], row[2].equals(NONE) ? "" : row[2], tags(row[3]));
    }

    private static Set<String> tags(String cell) {
        return cell.equals(NONE) ? Set.of() : Set.of(cell.split(" ", -1));
    }

    private static Stream<String[]> rows(String table, int columns) {
        try (InputStream in = Lexicon.class.getResourceAsStream(table)) {
            if (in == null) {
                throw new IllegalStateException(
                        "word list - expected the resource "
                                + table
                                + " - it is missing - rebuild the tools module");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> cells(table, line, columns));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] cells(String table, String line, int columns) {
        String[] cells = line.split("\t", -1);
        if (cells.length != columns) {
            throw new IllegalStateException(
                    "word list - expected "
                            + columns
                            + " cells in each row of "
                            + table
                            + " - came \""
                            + line
                            + "\" - correct the row");
        }
        return cells;
    }
}
