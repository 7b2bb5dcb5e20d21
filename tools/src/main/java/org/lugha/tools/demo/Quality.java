package org.lugha.tools.demo;

import java.util.List;
import java.util.Locale;
import org.lugha.models.evaluate.Bleu;
import org.lugha.models.evaluate.ChrF;
import org.lugha.models.evaluate.ExactMatch;

/** How well translations match their references; all in per cent. */
record Quality(double exact, double chrf, double bleu) {
    static Quality of(List<String> hypotheses, List<String> references) {
        return new Quality(
                ExactMatch.corpus(hypotheses, references).value(),
                ChrF.corpusPlusPlus(hypotheses, references).value(),
                Bleu.corpus(hypotheses, references).value());
    }

    List<String> cells(String name) {
        return List.of(name, one(exact), one(chrf), one(bleu));
    }

    private static String one(double d) {
        return String.format(Locale.ROOT, "%.1f", d);
    }
}
