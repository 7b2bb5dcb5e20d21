package org.lugha.models.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class LineChartTest {
    @Test
    void theChartIsWellFormedAndDrawsOnlyFinitePoints() throws Exception {
        String svg =
                new LineChart("step")
                        .line("loss", new double[] {1, 2, 3}, new double[] {4, Double.NaN, 2})
                        .svg();
        String root = svg.substring(0, svg.indexOf("</svg>") + 6);
        var page =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(root)));
        assertEquals("svg", page.getDocumentElement().getTagName());
        assertFalse(svg.contains("NaN"));
        assertTrue(svg.matches("(?s).*class=\"line s0\" d=\"M56.0 \\S+L708.0 .*"), svg);
    }

    @Test
    void pagesEscapeWhatTheyShow() {
        String page = new Html("a < b").table(List.of("k"), List.of(List.of("<x>"))).page();
        assertTrue(page.contains("<title>a &lt; b</title>"));
        assertTrue(page.contains("&lt;x&gt;"));
        assertFalse(page.contains("http"), "opens offline");
    }

    @Test
    void labelsAreShortAndTrue() {
        assertEquals("0", LineChart.label(-0.0));
        assertEquals("0.0002", LineChart.label(2e-4));
        assertEquals("1E-10", LineChart.label(1e-10));
        assertEquals("0.3", LineChart.label(0.1 + 0.2));
        assertEquals("4000", LineChart.label(4000));
        assertEquals("1E+20", LineChart.label(1e20));
    }

    @Test
    void oneStepIsADotAndAConstantALine() {
        double[] one = {1};
        assertTrue(new LineChart("step").line("loss", one, one).svg().contains("h0\"/>"));
        String flat =
                new LineChart("step")
                        .line("lr", new double[] {1, 2}, new double[] {1e300, 1e300})
                        .svg();
        assertFalse(flat.contains("NaN"), flat);
    }
}
