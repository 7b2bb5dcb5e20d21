package org.lugha.models.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DuplicatesTest {
    private static final int LINES = 2000;

    /** Sentences of random words; every second one is an earlier one with some words changed. */
    private static List<String> sentences() {
        Random random = new Random(5);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            String[] words =
                    i % 2 == 0
                            ? new String[8 + random.nextInt(20)]
                            : all.get(random.nextInt(all.size())).split(" ");
            int changed = i % 2 == 0 ? words.length : 1 + random.nextInt(4);
            for (int k = 0; k < changed; k++) {
                int at = i % 2 == 0 ? k : random.nextInt(words.length);
                words[at] = Integer.toString(random.nextInt(1 << 24), 36);
            }
            all.add(String.join(" ", words));
        }
        return all;
    }

    private static Set<String> shingles(String s) {
        String letters = s.replace(" ", "");
        Set<String> all = new HashSet<>();
        for (int i = 0; i + MinHash.SHINGLE <= letters.length(); i++) {
            all.add(letters.substring(i, i + MinHash.SHINGLE));
        }
        return all;
    }

    private static double jaccard(Set<String> a, Set<String> b) {
        long both = a.stream().filter(b::contains).count();
        return (double) both / (a.size() + b.size() - both);
    }

    @Test
    void nearDuplicatesAreThoseOfComparingAllWithAll() {
        List<String> lines = sentences();
        List<Set<String>> sets = lines.stream().map(DuplicatesTest::shingles).toList();
        Map<String, List<Integer>> holders = new HashMap<>();
        Duplicates duplicates = new Duplicates();
        Compared compared = new Compared();
        Path file = Path.of("a.txt");
        int true80 = 0;
        int found = 0;
        for (int i = 0; i < LINES; i++) {
            int[] both = new int[i];
            for (String shingle : sets.get(i)) {
                List<Integer> earlier = holders.computeIfAbsent(shingle, _ -> new ArrayList<>());
                earlier.forEach(k -> both[k]++);
                earlier.add(i);
            }
            double best = 0;
            for (int k = 0; k < i; k++) {
                int either = sets.get(i).size() + sets.get(k).size() - both[k];
                best = Math.max(best, (double) both[k] / either);
            }
            compared.read(JsonMapper.shared().createObjectNode().put("text", lines.get(i)));
            Duplicates.Pair pair = duplicates.add(compared, new Place(file, i));
            true80 += best >= Duplicates.NEAR ? 1 : 0;
            found += pair != null ? 1 : 0;
            assertTrue(best < 0.95 || pair != null, lines.get(i));
            if (pair != null) {
                double real = jaccard(sets.get(i), sets.get((int) pair.first().line()));
                assertEquals(real, pair.similarity(), 0.17);
            }
        }
        assertEquals(true80, found, 0.15 * true80);
    }

    @Test
    void signaturesTellTheJaccardIndex() {
        List<String> lines = sentences();
        MinHash hash = new MinHash();
        double sum = 0;
        double squares = 0;
        int n = 0;
        for (int i = 1; i < 400; i++) {
            String one = lines.get(i) + lines.get(i - 1);
            String two = lines.get(i) + lines.get(i + 1);
            byte[] a = new byte[MinHash.HASHES];
            byte[] b = new byte[MinHash.HASHES];
            int[] letters = one.replace(" ", "").chars().toArray();
            hash.sign(letters, letters.length, a, 0);
            letters = two.replace(" ", "").chars().toArray();
            hash.sign(letters, letters.length, b, 0);
            double error = MinHash.similarity(a, 0, b, 0) - jaccard(shingles(one), shingles(two));
            sum += error;
            squares += error * error;
            n++;
        }
        assertEquals(0, sum / n, 0.01);
        assertEquals(0.035, Math.sqrt(squares / n), 0.015);
    }

    @Test
    void moreTextsThanAreHeldAreCountedByASample() {
        FirstSeen seen = new FirstSeen(1 << 10);
        int again = 0;
        for (int i = 0; i < 40_000; i++) {
            // every text of four comes twice, far apart
            int text = i < 30_000 ? i : i - 30_000;
            again += seen.add(Words.mix(text + 1), i) >= 0 ? 1 : 0;
        }
        assertTrue(seen.scale() >= 32);
        assertEquals(10_000, (double) again * seen.scale(), 1500);
    }
}
