package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.data.Encoder;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.evaluate.Scorer;

/** The mean loss of a file's counted tokens, as {@code score} counts them, for any model. */
record FileLoss(Encoder encoder, Path input) {

    /** Nats a token. */
    double of(CausalLM model) {
        Scorer scorer = new Scorer(model, encoder);
        List<Scorer.Row> rows = new ArrayList<>();
        for (ExampleFile.Line line : ExampleFile.some(input)) {
            rows.add(scorer.row(line));
        }
        double sum = 0;
        long counted = 0;
        for (Scorer.Row row : rows) {
            Scorer.Score score = scorer.score(row);
            sum += score.nll();
            counted += score.counted();
        }
        if (counted == 0) {
            throw new RequestException(
                    input + ": needs tokens that count, none of its lines has one");
        }
        return sum / counted;
    }
}
