namespace IdExtractor.Html.Blocks;

/// <summary>
/// The style of all pages. Colours are variables, so that dark mode and print change nothing else.
/// </summary>
internal static class PageStyle
{
    /// <summary>Colours: text on its ground has a contrast of at least 4.5.</summary>
    public const string Colours = """
        :root{color-scheme:light dark;--ground:#f6f6f3;--card:#fff;--ink:#1b2226;--soft:#56616a;--line:#dfe1dd;--track:#eceeea;
        --accent:#0f6b74;--accent-soft:#cfe5e6;--good:#1d7044;--good-soft:#dff0e5;--warn:#8a5200;--warn-soft:#fbecd2;--bad:#a8231c;--bad-soft:#fae0dd;--second:#7a5aa8;--second-soft:#e8e0f2}
        @media (prefers-color-scheme:dark){:root{--ground:#121619;--card:#1a2024;--ink:#e7eaec;--soft:#a0abb3;--line:#2e363b;--track:#262d32;
        --accent:#5cc3cc;--accent-soft:#1d3f43;--good:#6fcf97;--good-soft:#173325;--warn:#f0b65a;--warn-soft:#3a2a10;--bad:#ff8f85;--bad-soft:#431c19;--second:#b79be0;--second-soft:#332a43}}
        @media print{:root{color-scheme:light;--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--track:#eee;
        --accent:#0f6b74;--accent-soft:#cfe5e6;--good:#1d7044;--good-soft:#eef7f1;--warn:#8a5200;--warn-soft:#fdf5e6;--bad:#a8231c;--bad-soft:#fdefee;--second:#7a5aa8;--second-soft:#f0ebf7}}

        """;

    /// <summary>Type, sections, tiles, tables and print.</summary>
    public const string Layout = """
        *{box-sizing:border-box}
        html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--ground);color:var(--ink);font-variant-numeric:tabular-nums lining-nums}
        main,footer{max-width:1120px;margin:0 auto;padding:0 clamp(16px,4vw,40px)}
        main{padding-top:clamp(20px,4vw,44px)}
        h1{font-size:clamp(1.5rem,3.6vw,2.3rem);line-height:1.18;font-weight:650;letter-spacing:-.018em;margin:.15em 0 .3em;text-wrap:balance}
        h2{font-size:1.05rem;font-weight:650;letter-spacing:-.005em;margin:0 0 .2rem}
        h3{font-size:.9rem;font-weight:600;margin:0 0 .5rem}
        p{margin:0 0 .6rem}
        code,.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
        .note,.eyebrow,footer{color:var(--soft);font-size:.86rem}
        .note{margin-bottom:1rem}
        .eyebrow{letter-spacing:.06em;text-transform:uppercase;font-size:.74rem;font-weight:600;margin:0}
        section{margin:0 0 20px;padding:22px clamp(16px,2.6vw,28px) 24px;background:var(--card);border:1px solid var(--line);border-radius:12px}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:20px;margin:0 0 20px}
        .pair>section{margin:0;min-width:0}
        .banner{border-left:6px solid var(--tone);margin-bottom:20px}
        .banner .lead{color:var(--soft);margin:0;overflow-wrap:anywhere}
        .banner .command{margin-top:14px}
        .good{--tone:var(--good);--tone-soft:var(--good-soft)}.warn{--tone:var(--warn);--tone-soft:var(--warn-soft)}
        .bad{--tone:var(--bad);--tone-soft:var(--bad-soft)}.plain{--tone:var(--soft);--tone-soft:var(--track)}
        .pill{display:inline-block;padding:.1em .65em .14em;border-radius:99px;background:var(--tone-soft);color:var(--tone);font-size:.78rem;font-weight:600;white-space:nowrap}
        .command{margin:0}
        .command figcaption{font-size:.8rem;color:var(--soft);margin-bottom:4px}
        .command pre{margin:0;padding:10px 14px;background:var(--track);border-radius:8px;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all;line-height:1.45}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,158px),1fr));gap:1px;background:var(--line);border:1px solid var(--line);border-radius:12px;overflow:hidden;margin:0 0 20px}
        .tiles>div{background:var(--card);padding:16px 18px 15px;min-width:0;container-type:inline-size}
        .tiles dt{font-size:.8rem;color:var(--soft)}
        .tiles dd{margin:0}
        .tiles .value{font-size:clamp(1rem,14cqi,1.5rem);line-height:1.25;font-weight:620;letter-spacing:-.02em;overflow-wrap:anywhere}
        .tiles .detail{font-size:.8rem;color:var(--soft);line-height:1.35}
        .tiles .good .value,.tiles .warn .value,.tiles .bad .value{color:var(--tone)}
        .scroll{overflow-x:auto;margin:0 -4px;padding:0 4px}
        table{border-collapse:collapse;width:100%;font-size:.86rem}
        th{font-weight:600;color:var(--soft);text-align:left;font-size:.78rem;border-bottom:1px solid var(--line);padding:6px 14px 6px 0;vertical-align:bottom;white-space:nowrap}
        td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
        tr:last-child td{border-bottom:0}
        th:last-child,td:last-child{padding-right:0}
        .num{text-align:right;white-space:nowrap;overflow-wrap:normal}
        td.name{min-width:30ch;font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8rem}
        tr.quiet td{color:var(--soft)}
        dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:0;font-size:.88rem}
        dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;overflow-wrap:anywhere}
        ul.list{margin:0;padding-left:1.1em;font-size:.9rem}ul.list li{margin:0 0 .3em;overflow-wrap:anywhere}
        footer{padding-top:6px;padding-bottom:40px;overflow-wrap:anywhere}
        .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        @media (max-width:520px){dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:8px}.tiles{grid-template-columns:1fr 1fr}.tiles>div{padding:12px 14px}.tiles .value{font-size:clamp(1rem,15cqi,1.25rem)}}
        @page{size:A4;margin:14mm}
        @media print{html{font-size:11px}main,footer{max-width:none;padding:0}section{break-inside:avoid;margin-bottom:10px;padding:12px 14px}.long{break-inside:auto}.scroll{overflow:visible}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}

        """;

    /// <summary>Rows of bars, timelines, bullets and line charts.</summary>
    public const string Charts = """
        .row{display:grid;grid-template-columns:var(--label,8.6rem) minmax(0,1fr) var(--amount,5.2rem);grid-template-areas:"l b a";gap:0 14px;align-items:center;font-size:.86rem;padding:5px 0}
        .row .label{grid-area:l;overflow-wrap:anywhere}.row svg{grid-area:b}.row .amount{grid-area:a;text-align:right}
        .row svg{display:block;width:100%;height:16px;overflow:visible}
        .row small{display:block;color:var(--soft);font-size:.76rem;line-height:1.3}
        .row .axis{grid-area:b;display:flex;justify-content:space-between;color:var(--soft);font-size:.74rem}
        .wide{--label:10.5rem;--amount:5.6rem}.wider{--label:11.5rem;--amount:14rem}
        .track{fill:var(--track)}.bar{fill:var(--accent)}.bar2{fill:var(--second)}.bar.open{fill:var(--warn)}
        .bar.good{fill:var(--good)}.bar.bad{fill:var(--bad)}.bar.warn{fill:var(--warn)}
        .allowed{fill:var(--accent-soft)}.limit{stroke:var(--ink);stroke-width:2}.off{fill:none;stroke:var(--line);stroke-dasharray:4 4}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:24px 36px;margin-top:12px}
        .chart{margin:0;min-width:0;display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 10px;font-size:.74rem;color:var(--soft)}
        .chart figcaption{grid-column:1/-1;margin-bottom:10px;font-size:.9rem;font-weight:600;color:var(--ink)}
        .chart .scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;height:150px;line-height:1;margin:-5px 0}
        .chart svg{display:block;width:100%;height:140px;overflow:visible}
        .chart .axis{grid-column:2;display:flex;justify-content:space-between}
        .chart .key{grid-column:2;display:flex;flex-wrap:wrap;gap:4px 16px}
        .grid{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
        .line{fill:none;stroke:var(--accent);stroke-width:2;vector-effect:non-scaling-stroke;stroke-linejoin:round}
        .area{fill:var(--accent-soft);opacity:.65}.line.second{stroke:var(--second)}.area.second{fill:var(--second-soft)}
        .band{fill:var(--track)}.dash{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:5 4;vector-effect:non-scaling-stroke;fill:none}
        .dot{stroke:var(--accent);stroke-width:6;stroke-linecap:round;vector-effect:non-scaling-stroke}.dot.bad{stroke:var(--bad)}.dot.second{stroke:var(--second)}
        @media (max-width:520px){.row{grid-template-columns:minmax(0,1fr) max-content;grid-template-areas:"l a" "b b";gap:2px 10px}.row .axis{grid-area:b}}

        """;
}
