package org.lugha.models.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.lugha.models.energy.Energy;
import org.lugha.models.report.ReportData.Evaluation;
import org.lugha.models.report.ReportData.Fact;
import org.lugha.models.report.ReportData.Masked;
import org.lugha.models.report.ReportData.Part;
import org.lugha.models.report.ReportData.Sample;
import org.lugha.models.report.ReportData.Source;
import org.lugha.models.report.ReportData.Span;
import org.lugha.models.report.ReportData.Step;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class RunPageTest {
    private static final String HOSTILE = "a <script>x</script> & \"q\" \u0000\u001b\ud800";

    @Test
    void everyPartIsThereAndNothingIsFetched() throws Exception {
        String html = RunPage.html(full());
        Document page = parsed(html);
        List<String> headings = elements(page, "h2").stream().map(Element::getTextContent).toList();
        assertEquals(
                List.of(
                        "Loss",
                        "Evaluation",
                        "Samples",
                        "Course of training",
                        "Data",
                        "What the loss counts",
                        "Memory of a step, planned",
                        "Energy",
                        "Configuration"),
                headings);
        assertTrue(elements(page, "script").isEmpty() && elements(page, "link").isEmpty());
        assertFalse(html.contains("http") || html.contains("url(") || html.contains("@import"));
        assertTrue(
                elements(page, "td").stream().anyMatch(e -> e.getTextContent().equals("56.3 %")));
        assertTrue(html.contains("0.3417 kWh") && html.contains("estimated: because."));
        assertTrue(html.contains("a &lt;script&gt;x&lt;/script&gt; &amp; &quot;q&quot; ␀␛\uFFFD"));
    }

    @Test
    void foreignTextHasItsDirectionAndLanguage() throws Exception {
        Document page = parsed(RunPage.html(full()));
        Element after =
                elements(page, "dd").stream()
                        .filter(e -> e.getTextContent().startsWith("الكتاب فوق"))
                        .findFirst()
                        .orElseThrow();
        assertEquals("auto", after.getAttribute("dir"));
        assertEquals("arb-Arab", after.getAttribute("lang"));
        assertEquals(
                List.of("marked", " Ẹ káàárọ̀"),
                elements(page, "mark").stream().map(Element::getTextContent).toList());
    }

    @Test
    void evaluationsTellFirstBestAndLast() throws Exception {
        Document page = parsed(RunPage.html(full()));
        List<List<String>> rows =
                elements(page, "tr").stream()
                        .map(r -> elements(r, "td").stream().map(Element::getTextContent).toList())
                        .toList();
        assertTrue(rows.contains(List.of("loss", "4.000", "2.000", "1", "2.500")), rows.toString());
        assertTrue(rows.contains(List.of("chrf++", "10.00", "30.00", "1", "20.00")));
        assertTrue(
                rows.contains(List.of("ter", "90.00", "60.00", "2", "60.00")), "lower is better");
        assertTrue(
                elements(page, "th").stream()
                        .anyMatch(e -> e.getTextContent().equals("last, step 2")));
    }

    @Test
    void whatNobodyHasIsLeftAway() throws Exception {
        ReportData bare =
                new ReportData(
                        "Run",
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        "");
        assertTrue(elements(parsed(RunPage.html(bare)), "h2").isEmpty());
        assertTrue(RunPage.html(bare).contains("<h1>Run</h1>"));
    }

    @Test
    void longRunsStaySmallAndKeepTheirSpikes() {
        double[] x = IntStream.range(0, 200_000).mapToDouble(i -> i).toArray();
        double[] y = IntStream.range(0, 200_000).mapToDouble(i -> i == 77_777 ? 50 : 1).toArray();
        Curve thin = new Curve(x, y).thinned(600);
        assertTrue(thin.x().length <= 600);
        assertEquals(50, Arrays.stream(thin.y()).max().orElseThrow());
        assertTrue(new LineChart("step").smoothed("loss", x, y).svg().length() < 20_000);
    }

    @Test
    void theRunningMeanIsOneOfTheFirstPointsToo() {
        double[] x = {1, 2, 3};
        double[] mean = new Curve(x, new double[] {4, 4, 8}).smoothed().y();
        assertEquals(4, mean[0], 1e-12);
        assertEquals(4, mean[1], 1e-12);
        assertTrue(mean[2] > 4 && mean[2] < 8);
    }

    private static ReportData full() {
        List<Step> steps = new ArrayList<>();
        List<Evaluation> evaluations = new ArrayList<>();
        double[] losses = {4, 2, 2.5};
        for (int i = 0; i < 3; i++) {
            steps.add(new Step(i + 1, 3.0 / (i + 1), 1, 1e-4, 1000));
            evaluations.add(
                    new Evaluation(
                            i,
                            "yor",
                            losses[i],
                            Double.NaN,
                            10,
                            Map.of("chrf++", i == 1 ? 30.0 : 10.0 + 5 * i, "ter", 90.0 - 15 * i)));
        }
        return new ReportData(
                "Run <1>",
                List.of(new Fact("model", "base")),
                steps,
                evaluations,
                List.of(
                        new Sample("arb_Arab", "eng: x\narb:", "الكتاب", "", "الكتاب فوق"),
                        new Sample("", HOSTILE, "", "b", "c")),
                List.of(
                        new Masked(
                                "f, line 1",
                                "yor",
                                List.of(new Span("eng:", false), new Span(" Ẹ káàárọ̀", true)))),
                List.of(new Part("weights", 100), new Part("peak", 5 << 20)),
                Optional.of(
                        new Energy(
                                0.3417, OptionalDouble.of(162), "x", false, "estimated: because")),
                List.of(
                        new Source(
                                "f.jsonl", "", "yor", 10, 16, 9, 1.5, 0.4, 0.41, "CC0-1.0", "yes")),
                List.of("a note"),
                "model: {path: \"<x>\"}");
    }

    private static Document parsed(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html)));
    }

    private static List<Element> elements(Document page, String tag) {
        return elements(page.getDocumentElement(), tag);
    }

    private static List<Element> elements(Element below, String tag) {
        NodeList all = below.getElementsByTagName(tag);
        return IntStream.range(0, all.getLength()).mapToObj(i -> (Element) all.item(i)).toList();
    }
}
