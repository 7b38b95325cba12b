/** Ink on paper: what has to be told apart differs in form, never in colour alone. */
export const PAGE_STYLE = `
:root{color-scheme:light}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#fff;color:#1a1a1a;font:1rem/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
header,main,footer{max-width:52rem;margin:0 auto;padding:0 1rem}
header{padding-top:2rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.35rem;line-height:1.3;margin:2.4rem 0 .6rem;border-top:2px solid #1f3a5f;padding-top:.8rem}
h3{font-size:1.1rem;line-height:1.3;margin:1.4rem 0 .3rem}
p,li{max-width:42rem;overflow-wrap:anywhere}
.lead{font-size:1.1rem;margin:0}
.mark{border:3px solid #1a1a1a;padding:.6rem .8rem;font-weight:700}
.answers p{font-size:1.1rem;margin:.2rem 0}
.framed{border:3px solid #1a1a1a;padding:.2rem .9rem .8rem;margin:2rem 0 0}
.framed h2{border:0;margin:0}
nav ol{padding-left:1.4rem;columns:2;column-gap:2rem}
a{color:#12427c;text-decoration:underline}
a:focus-visible,.scroll:focus-visible{outline:3px solid #12427c;outline-offset:2px}
figure{margin:1.2rem 0}
figcaption,caption{font-weight:700;text-align:left;padding:0 0 .4rem}
caption{position:sticky;left:0;max-width:calc(100vw - 2rem)}
.scroll{overflow-x:auto;margin:0 0 1.2rem}
svg{display:block;width:100%;min-width:34rem;max-width:50rem;height:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem;font-variant-numeric:tabular-nums}
th,td{border-bottom:1px solid #757575;padding:.35rem .6rem;text-align:left;vertical-align:top}
thead th{border-bottom:2px solid #1a1a1a}
tbody th{font-weight:400;overflow-wrap:anywhere;min-width:9rem}
.numbers td{white-space:nowrap}
.numbers th+th,.numbers td{text-align:right}
footer{padding-bottom:2rem;color:#404040}
@media (max-width:30rem){.framed{border:3px solid #1a1a1a;padding:.2rem .9rem .8rem;margin:2rem 0 0}
.framed h2{border:0;margin:0}
nav ol{columns:1}h1{font-size:1.6rem}}
@media print{
@page{size:A4;margin:18mm 16mm;@bottom-right{content:counter(page) " of " counter(pages);font:8pt sans-serif}}
body{font-size:10.5pt}
header,main,footer{max-width:none;padding:0}
nav{display:none}
h2,h3,figcaption,caption,section>h2+p,section>p:has(+figure),section>p:has(+.scroll){break-after:avoid}
figure,tr,.answers,.short,section>p,li{break-inside:avoid}
thead{display:table-header-group}
section.page{break-before:page}
svg{min-width:0}
.scroll{overflow:visible}
caption{position:static;max-width:none}
a{color:inherit}
}`
