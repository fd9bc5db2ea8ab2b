/** The page's style. It names no font or picture that would have to be fetched. */
import { colorRules } from './palette.js';

/** All of the page's CSS. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1b1e24;--muted:#5a6270;--rule:#a9b0bc;--grid:#e6e9ee;
--edge:#dfe3e9;--heat:240 128 20;--heat-most:.75;--before:#0066a8;--after:#b3261e;${colorRules('light')}}
@media (prefers-color-scheme:dark){:root{--page:#12151a;--card:#1a1e25;--text:#e8eaee;--muted:#a3abb8;--rule:#596170;
--grid:#2a303a;--edge:#2c323c;--heat:255 140 40;--heat-most:.48;--before:#7cc0f5;--after:#ff9b93;${colorRules('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
main{max-width:76rem;margin:0 auto;padding:1.5rem clamp(.8rem,3vw,2rem) 3rem}
h1{font-size:clamp(1.4rem,4vw,1.9rem);line-height:1.2;margin:.4rem 0}
h2{font-size:1.25rem;margin:2.4rem 0 .8rem}
h3{font-size:1rem;margin:0}
p{margin:.4rem 0}
.subtitle,figcaption p,section.card>p{color:var(--muted)}
figcaption p,section.card>p{font-size:.9rem}
.card{background:var(--card);border:1px solid var(--edge);border-radius:.6rem;padding:1rem;margin:0 0 1rem;min-width:0}
pre{margin:1rem 0;padding:.8rem 1rem;background:var(--card);border:1px solid var(--edge);border-radius:.6rem;
white-space:pre-wrap;overflow-wrap:anywhere;font:.875rem/1.5 ui-monospace,monospace}
summary{cursor:pointer;color:var(--muted);font-size:.875rem;padding:.3rem 0}
.settings{columns:15rem;column-gap:2rem;margin:.4rem 0;
font-size:.875rem}
.settings div{display:flex;justify-content:space-between;gap:1rem;border-bottom:1px solid var(--edge);min-width:0;
break-inside:avoid;padding:.1rem 0}
.settings dt{color:var(--muted)}
.settings dd{margin:0;text-align:right;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1rem}
.panel{margin:0;max-width:36rem;display:flex;flex-direction:column}
.plot svg{display:block;width:100%;height:auto}
.words{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.5rem 0;padding:0;font-size:.875rem}
.legend li{display:flex;align-items:center;gap:.4rem}
.swatch{width:34px;height:12px;flex:none}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.9375rem;font-variant-numeric:tabular-nums;min-width:100%}
th,td{padding:.4rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--edge)}
tbody tr:last-child>*{border-bottom:0}
thead th{color:var(--muted);font-weight:600;font-size:.8125rem;vertical-align:bottom}
tr>:first-child{text-align:left;position:sticky;left:0;background:var(--card)}
tbody th{font-weight:500}
.unit{font-weight:400}
.deviation{display:inline-block;text-align:left;color:var(--muted);font-size:.85em}
.none,.id,.cut,.scale{color:var(--muted)}
.dot{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.5em}
.flip header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem}
.id{font-size:.8125rem;overflow-wrap:anywhere}
.answers{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.7rem .9rem;margin:.6rem 0;font-size:.9375rem}
.answers dt{color:var(--muted)}
.answers dd{margin:0}
.key,.text{line-height:2;margin:.6rem 0}
.question{font-weight:600}
.token{background:rgb(var(--heat) / calc(var(--share) * var(--heat-most)));border-radius:.2em;padding:.12em .15em;
margin:0 -.06em;-webkit-box-decoration-break:clone;box-decoration-break:clone}
mark{background:none;color:inherit;border:0 solid;padding:.1em 0;-webkit-box-decoration-break:clone;
box-decoration-break:clone}
mark.before{border-bottom:3px solid var(--before)}
mark.after{border-top:3px double var(--after)}
.scale{display:flex;align-items:center;gap:.5rem;font-size:.8125rem;margin:.4rem 0 0;font-variant-numeric:tabular-nums}
.ramp{width:7rem;height:.8rem;border-radius:.2rem;
background:linear-gradient(to right,transparent,rgb(var(--heat) / var(--heat-most)))}
@media print{body{background:none}.card{break-inside:avoid}}
`.trim();
