package org.lugha.models.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.Span;
import org.lugha.models.report.HubId;
import org.lugha.models.report.ModelCard;
import org.lugha.models.report.ReportData;
import org.lugha.models.settings.RunConfig;

/** The model card of a run's result. */
final class RunCard {
    /** A prompt of format translation, up to its completion. */
    private static final Pattern TRANSLATION =
            Pattern.compile("(?s)(?:.*?[^\\w-])??([\\w-]{2,}): .*\\n([\\w-]{2,}):");

    private RunCard() {}

    /**
     * A card.
     *
     * @param told what the report tells
     * @param result the folder of the result
     * @param step whose weights are saved
     */
    static ModelCard of(RunSetup setup, ReportData told, Path result, int step) {
        RunConfig run = setup.run();
        List<String> languages = new ArrayList<>();
        String prompt = "";
        for (DataSet d : setup.train()) {
            languages.addAll(RunReport.languages(d));
            Matcher m = TRANSLATION.matcher(prompt(setup, d));
            if (d.file().format().equals("translation") && m.matches()) {
                languages.add(m.group(1));
                languages.add(m.group(2));
                prompt = m.group(1) + ": Good morning.\n" + m.group(2) + ":";
            }
        }
        return new ModelCard(
                run.output().getFileName().toString(),
                result.toString(),
                run.model().map(Path::toString),
                run.model().flatMap(HubId::of),
                setup.adapter().isPresent(),
                run.resolved().path("method").path("type").asString("full"),
                "",
                languages,
                told.facts(),
                told.data(),
                told.evaluations(),
                step,
                told.energy(),
                RunFacts.hardware(setup),
                prompt);
    }

    /** What the first example is asked with. No text of it gets into the card. */
    private static String prompt(RunSetup setup, DataSet d) {
        StringBuilder text = new StringBuilder();
        if (d.size() > 0) {
            for (Span s : Span.joined(Span.of(setup.tokenizer(), d.examples().getFirst()))) {
                if (s.counted()) {
                    return text.toString();
                }
                text.append(s.text());
            }
        }
        return "";
    }
}
