package org.lugha.tools;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What RUN.yaml and --set may not say. */
class BadSettingsTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stpes=5                    | unknown key stpes; did you mean steps?",
                "modle.path=x               | unknown key modle; did you mean model?",
                "optimizer.learning_rate=1  | unknown key optimizer.learning_rate",
                "method.rnak=4              | did you mean rank?",
                "data.train.0.fromat=x      | data.train[0].fromat; did you mean format?",
                "batch.size=3               | unknown key batch.size",
                "task=masked                | task: masked is not supported",
                "task=seq2seq               | task: seq2seq is not supported",
                "method={type: qlora, quantization: fp4} | method.quantization must be one of nf4, int8",
                "method={type: adapter, rank: 4} | method.rank has no meaning with type: adapter",
                "method={type: dora}        | must be one of full, lora",
                "precision=int8             | precision must be one of f32, bf16",
                "data.loss=answers          | data.loss must be one of all, completion, assistant",
                "data.train.0.loss=none     | data.train[0].loss must be one of",
                "data.train.0.format=chats  | format must be one of text, completion, chat",
                "data.train.0.task=qa       | data.train[0].task must be absent with format: ids",
                "data.train.0.answer=yor    | data.train[0].answer must be absent without task",
                "data.tags={tasks: [qa]}    | data.tags must be the tags that open and close",
                "data.normalization=nfd     | data.normalization must be one of none, nfc, nfkc",
                "data.packing=yes           | data.packing must be true or false",
                "data.train.0.weight=0      | weight must be a number from",
                "data.train.0={path: x, from_step: 3, until_step: 2} | until_step must be at least from_step",
                "gradient_checkpointing=on  | gradient_checkpointing",
                "checkpoint.every=0         | checkpoint.every must be a whole number of at least 1",
                "checkpoint.keep=0          | checkpoint.keep must be",
                "evaluate.metrics=[chrff]   | did you mean chrf?",
                "evaluate.early_stopping_patience=3 | needs evaluate.every",
                "energy.watts=-1            | energy.watts must be a number",
                "energy.watts=lots          | energy.watts must be",
                "device=cuda:9              | cuda",
                "device=tpu                 | 'tpu' is not known",
                "method.targets=[query]     | no linear layer matches",
                "method.targets=[]          | method.targets",
                "method={targets: [lm_head], dropout: 0.1} | lm_head",
                "method.modules_to_save=[x] | modules_to_save",
                "optimizer.lr=.nan          | optimizer.lr must be a number",
                "optimizer.lr=-1            | optimizer.lr must be a number",
                "optimizer.betas=[0.9, 1]   | optimizer.betas must be two numbers",
                "optimizer.betas=0.9        | optimizer.betas must be",
                "optimizer.eps=0            | optimizer.eps must be",
                "schedule.warmup_steps=4    | warmup_steps is 4, but the run ends after 3 steps",
                "method.modules_to_save=['['] | modules_to_save",
                "steps=0                    | steps must be a whole number of at least 1",
                "steps=1e400                | steps must be",
                "steps=99999999999          | steps must be",
                "seed=99999999999999999999  | seed must be a whole number",
                "epochs=1                   | steps or epochs",
                "threads=0                  | threads must be",
                "data.max_length=1          | data.max_length must be",
                "data=7                     | data must be a mapping",
                "data.train=7               | data.train must be a list",
                "data.train.3.path=x        | must be an index below 1",
                "steps.x=1                  | has no keys",
                "=3                         | write it as key.path=value",
                "model={}                   | model needs either path",
                "output=null                | output is missing",
            })
    void settingsThatCannotBe(String setting, String expected) {
        Refused.says(Refused.train(tiny, setting), expected);
    }

    @Test
    void filesThatAreNoRuns() {
        for (String content : List.of("", "- a", "a: [", "a: 1\na: 2", "a: 1\n---\nb: 2", "\t")) {
            String file = tiny.file("bad.yaml", content);
            Refused.says(Cli.refusal("train", "--config", file), file);
        }
        String file = tiny.bytes("bad.yaml", (byte) 'a', (byte) 0xff);
        Refused.says(Cli.refusal("train", "--config", file), file, "not valid UTF-8");
        Refused.says(
                Cli.refusal("train", "--config", tiny.run(), "--resume", "--overwrite"),
                "--resume");
    }
}
