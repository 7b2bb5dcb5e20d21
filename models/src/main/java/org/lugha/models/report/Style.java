package org.lugha.models.report;

/** The style sheet of every page: light and dark by the reader's setting, and on paper. */
final class Style {
    static final String SHEET =
            """
            :root { color-scheme: light dark; --ink: #1d2327; --paper: #fdfcf9; --soft: #5f6872;
              --rule: #dcd9d0; --field: #f4f2ec; --mark: #cdebdc; --s0: #0b6e4f; --s1: #b4531a;
              --s2: #3056a0; --s3: #8a2f6b; --s4: #7a6a00; --s5: #127a8a; --s6: #a02f3a;
              --s7: #55606b; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e3dc; --paper: #16191c;
              --soft: #98a1ab; --rule: #343a40; --field: #1f2428; --mark: #1f4f3c; --s0: #5fc7a0;
              --s1: #e8935a; --s2: #86a8ea; --s3: #d58abb; --s4: #cdbb4e; --s5: #66c5d4;
              --s6: #e98a92; --s7: #a9b4bf; } }
            body { font: 16px/1.55 system-ui, "Noto Sans", sans-serif; color: var(--ink);
              background: var(--paper); max-width: 54rem; margin: 2.5rem auto; padding: 0 1rem; }
            h1, h2, h3 { line-height: 1.2; } h1 { margin-bottom: .4rem; }
            h2 { margin-top: 2.6rem; padding-top: .9rem; border-top: 1px solid var(--rule); }
            h3 { margin: 1.2rem 0 .2rem; font-size: 1rem; }
            p.soft, .soft { color: var(--soft); }
            .wide { overflow-x: auto; margin: 1rem 0; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: start; padding: .35rem .8rem .35rem 0; vertical-align: top;
              border-bottom: 1px solid var(--rule); }
            th { color: var(--soft); font-weight: 600; }
            th.set { color: var(--ink); } tbody + tbody { border-top: 2px solid var(--rule); }
            td.number, th.number { text-align: right; font-variant-numeric: tabular-nums;
              white-space: nowrap; }
            tr > :last-child { padding-inline-end: 0; }
            .tiles { display: grid; gap: .7rem; margin: 1.4rem 0;
              grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); }
            .tile { background: var(--field); border-radius: .5rem; padding: .6rem .8rem; }
            .tile b { display: block; font-size: 1.2rem; line-height: 1.3;
              white-space: nowrap;
              font-variant-numeric: tabular-nums; }
            .tile span { color: var(--soft); font-size: .85rem; }
            .pair { display: grid; gap: 0 1.6rem;
              grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); }
            .pair > div { min-width: 0; }
            svg { display: block; width: 100%; height: auto; }
            .grid { stroke: var(--rule); fill: none; }
            .tick { fill: var(--soft); font-size: 12px; }
            .line { fill: none; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
            .faint { opacity: .4; stroke-width: 1; } .dashed { stroke-dasharray: 5 4; }
            .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); }
            .s3 { --c: var(--s3); } .s4 { --c: var(--s4); } .s5 { --c: var(--s5); }
            .s6 { --c: var(--s6); } .s7 { --c: var(--s7); }
            .line { stroke: var(--c); } .dot { fill: var(--c); }
            .legend { margin: .3rem 0 1rem; font-size: .9rem; }
            .legend span { margin-inline-end: 1.4rem; white-space: nowrap; }
            .legend span::before { content: "\\25ac  "; color: var(--c); }
            .legend .dashed::before { content: "\\2505  "; }
            .sample { background: var(--field); border-radius: .5rem; padding: .7rem .9rem;
              margin: .8rem 0; break-inside: avoid; }
            .sample dl { display: grid; grid-template-columns: 6rem 1fr; gap: .3rem .9rem;
              margin: 0; }
            dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
            .text { white-space: pre-wrap; unicode-bidi: plaintext; overflow-wrap: anywhere; }
            mark { background: var(--mark); color: inherit; border-radius: .2rem; }
            .bar { display: flex; height: 1.4rem; border-radius: .3rem; overflow: hidden;
              margin: 1rem 0 .3rem; background: var(--field); }
            .bar i { background: var(--c); }
            pre { background: var(--field); border-radius: .5rem; padding: .8rem; overflow-x: auto;
              font: 13px/1.45 ui-monospace, monospace; }
            summary { cursor: pointer; color: var(--soft); }
            @media (max-width: 34rem) { .sample dl { grid-template-columns: 1fr; gap: 0; }
              dd { margin-bottom: .4rem; } }
            @media print { :root { color-scheme: light; } body { font-size: 11pt; margin: 0;
              max-width: none; } h2, h3 { break-after: avoid; } svg, tr, .tiles { break-inside: avoid; }
              .wide, pre { overflow: visible; } pre { white-space: pre-wrap; }
              details::details-content { content-visibility: visible; }
              mark, .bar i, .tile { print-color-adjust: exact;
              -webkit-print-color-adjust: exact; } }
            """;

    private Style() {}
}
