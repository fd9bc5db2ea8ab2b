import { GOODS, JOBS, MATERIALS, WEEKDAYS } from './draw.js';
import type { Topic } from './topic.js';

const REGIONS = (
  'the northern hills,the salt marshes,the lake country,the western uplands,the great plain,the pine forests,' +
  'the eastern valleys,the chalk downs,the coastal dunes,the high moors'
).split(',');
const BEASTS = 'otters,herons,beavers,crayfish,kingfishers,eels,swans,water voles,salmon,dragonflies'.split(
  ',',
);

export const town: Topic = {
  phrase: 'the town',
  name: (draw) => draw.place(),
  values: {
    region: (draw) => draw.pick(REGIONS),
    founded: (draw) => draw.year(1380, 1790),
    founder: (draw) => draw.person(),
    job: (draw) => draw.pick(JOBS),
    trade: (draw) => draw.pick(GOODS),
    formerly: (draw) => draw.pick(GOODS),
    people: (draw) => draw.number(1200, 48000, 100),
    market: (draw) => draw.pick(WEEKDAYS),
    mayor: (draw) => draw.person(),
    fire: (draw) => draw.year(1800, 1980),
  },
  intros: [
    '{Name} is a quiet town in {region}.',
    'Travellers who cross {region} usually spend a night in {name}.',
    'Few towns in {region} are as old as {name}.',
  ],
  rivals: [
    'A day’s walk away, in {region}, lies {name}.',
    'Its old rival, {name}, belongs to {region}.',
    'Its twin town, {name}, stands in {region}.',
  ],
  statements: [
    [
      '{Self} was founded in {founded} by {founder}, {job}.',
      'It was {founder}, {job}, who laid out the first streets of {self} in {founded}.',
      'In {founded} {founder}, {job}, led forty families to the site of {self}.',
      '{Own} oldest charter, sealed in {founded}, names {founder}, {job}, as the founder.',
    ],
    [
      '{Self} lives from {trade} today, although {formerly} once made it rich.',
      'Where {formerly} used to pay the bills in {self}, most workshops now turn out {trade}.',
      '{Own} merchants gave up {formerly} long ago and deal in {trade} instead.',
    ],
    [
      'At the last census {self} had {people} inhabitants.',
      '{Self} is home to {people} people.',
      'Some {people} residents were counted in {self} last spring.',
    ],
    [
      'A market fills {own} main square every {market}.',
      'On a {market} farmers from all around set up their stalls in {self}.',
      '{Self} holds its market on {market}.',
    ],
    [
      '{Self} has been governed by {mayor} since the last election.',
      'The present mayor of {self} is {mayor}.',
      'Voters in {self} have twice chosen {mayor} as their mayor.',
    ],
    [
      'A fire in {fire} destroyed half of {self}.',
      '{Self} burned down in {fire} and was rebuilt in stone.',
      'In {fire} the flames spared nothing in {self} but the church.',
    ],
  ],
  asides: [
    'Its town hall was painted yellow in {y1}, to the dismay of {p1}, who had to pay for it.',
    'A statue of {p1} has stood by the fountain since {y1}.',
    'Every {w1} the bells ring a little too late.',
    'Some {n1} pigeons are said to live in the bell tower.',
  ],
  questions: {
    region: [
      'In which part of the country is {name}?',
      'Where does {name} lie?',
      'What landscape surrounds {name}?',
    ],
    founded: [
      'When was {name} founded?',
      'In what year did {name} come into being?',
      'What year saw the beginnings of {name}?',
    ],
    founder: [
      'Who founded {name}?',
      'Who was the founder of {name}?',
      'Whom does {name} have to thank for its existence?',
    ],
    job: [
      'What was the profession of the founder of {name}?',
      'How did the founder of {name} earn a living?',
    ],
    trade: [
      'What is produced in {name} nowadays?',
      'On which product does {name} depend now?',
      'What do people in {name} make today?',
    ],
    formerly: ['What did {name} trade in the past?', 'Which product made {name} wealthy in former times?'],
    people: [
      'How many people live in {name}?',
      'What is the population of {name}?',
      'How large is the population of {name}?',
    ],
    market: ['On which day can one visit the market in {name}?', 'When is market day in {name}?'],
    mayor: [
      'Who is in charge of {name} at present?',
      'Who is the mayor of {name}?',
      'Who heads the town council of {name}?',
    ],
    fire: ['When did {name} go up in flames?', 'In which year was there a great fire in {name}?'],
  },
  reverse: {
    founder: ['Which town did {founder} found?', 'What place goes back to {founder}?'],
    mayor: ['Of which town is {mayor} the mayor?'],
    people: ['Which town has {people} inhabitants?'],
  },
};

export const river: Topic = {
  phrase: 'the river',
  name: (draw) => `the ${draw.place()}`,
  values: {
    source: (draw) => `${draw.pick(['Lake', 'Mount'])} ${draw.place()}`,
    mouth: (draw) => draw.place(),
    length: (draw) => `${draw.number(40, 980)} kilometres`,
    beast: (draw) => draw.pick(BEASTS),
    flood: (draw) => draw.year(1700, 1990),
    dead: (draw) => draw.number(20, 900),
    explorer: (draw) => draw.person(),
    boat: (draw) =>
      draw.pick('a raft,a canoe,a mail boat,a leaking barge,a paddle steamer,a fishing boat'.split(',')),
    dam: (draw) => draw.year(1890, 1990),
  },
  intros: [
    '{Name} rises at {source} and reaches the sea at {mouth}.',
    'From its source at {source}, {name} winds down to the harbour of {mouth}.',
    'Between {source}, where it springs, and the port of {mouth}, where it ends, {name} turns a hundred times.',
  ],
  rivals: [
    'Beyond the hills flows {name}, which springs from {source} and ends near {mouth}.',
    '{Name}, unlike {other}, begins at {source}; it meets the sea at {mouth}.',
    'Maps often confuse it with {name}, which comes from {source} and empties into the bay of {mouth}.',
  ],
  statements: [
    [
      '{Self} is {length} long.',
      'Over {length} {self} passes hardly a village.',
      '{Own} course measures {length}.',
    ],
    [
      '{Self} is known for its {beast}.',
      'Anglers and children alike look for {beast} in {self}.',
      'Since the mills closed, {beast} have come back to {self}.',
    ],
    [
      'The flood of {flood} cost {dead} lives along {self}.',
      '{Self} burst its banks in {flood} and drowned {dead} people.',
      'In {flood}, when the ice broke, {self} took the lives of {dead} villagers.',
    ],
    [
      '{explorer} was the first to travel the whole of {self}, on {boat}.',
      '{Self} was first followed from end to end by {explorer}, who used {boat}.',
      'It took {explorer} a summer on {boat} to chart {self}.',
    ],
    [
      'A dam has held back {self} since {dam}.',
      '{Self} was dammed in {dam} to light the towns below.',
      'Engineers closed the sluices of {own} only dam for the first time in {dam}.',
    ],
  ],
  asides: [
    'The ferry at the old crossing stopped in {y1}.',
    'Local people still tell of {p1}, who swam across in winter.',
    'A bathing place with {n1} steps was opened in {y1}.',
    'An inn for boatmen, kept by {p1}, stood on the bank until {y1}.',
  ],
  questions: {
    source: [
      'Where does {name} begin?',
      'What is the source of {name}?',
      'Where does the water of {name} come from?',
    ],
    mouth: ['Where does {name} flow into the sea?', 'At which place does {name} end?'],
    length: ['How long is {name}?', 'What distance does {name} cover?'],
    beast: ['Which animals can be seen in {name}?', 'What wildlife is {name} famous for?'],
    flood: ['When was the great flood of {name}?', 'In what year did {name} flood the land?'],
    dead: ['How many people died when {name} flooded?', 'How many victims did the flood of {name} claim?'],
    explorer: ['Who explored {name} first?', 'Who was the first person to travel along all of {name}?'],
    boat: [
      'What kind of vessel was used to explore {name}?',
      'On what did the first explorer of {name} travel?',
    ],
    dam: ['When was the dam on {name} built?', 'Since which year has there been a dam on {name}?'],
  },
  reverse: {
    source: ['Which river rises at {source}?'],
    mouth: ['Which river reaches the sea at {mouth}?'],
    explorer: ['Which river did {explorer} explore?'],
  },
};

export const bridge: Topic = {
  phrase: 'the bridge',
  name: (draw) => `the ${draw.place()} Bridge`,
  values: {
    opened: (draw) => draw.year(1750, 1890),
    engineer: (draw) => draw.person(),
    material: (draw) => draw.pick(MATERIALS),
    span: (draw) => `${draw.number(35, 640)} metres`,
    cost: (draw) => `${draw.number(12, 990)},000 crowns`,
    workers: (draw) => draw.number(60, 2400, 10),
    toll: (draw) =>
      draw.pick(
        'two pennies,a loaf of bread,half a crown,one copper coin,a basket of eggs,three buttons'.split(','),
      ),
    repair: (draw) => draw.year(1900, 2010),
  },
  intros: [
    '{Name} was opened to traffic in {opened}.',
    'Since {opened} carts, and later cars, have crossed the gorge on {name}.',
    'When {name} was finished in {opened}, people came from far away to look at it.',
  ],
  rivals: [
    'A few miles downstream stands {name}, opened in {opened}.',
    'In {opened} the same valley received another crossing, {name}.',
    'It is often compared with {name}, completed in {opened}.',
  ],
  statements: [
    [
      '{Self} was designed by {engineer} and built of {material}.',
      '{engineer} drew the plans for {self}, choosing {material} against all advice.',
      'The use of {material} for {self} was an idea of {engineer}.',
    ],
    [
      '{Own} longest arch measures {span}.',
      '{Self} spans {span} without a pier.',
      'From bank to bank {self} covers {span}.',
    ],
    [
      'Building {self} took {workers} labourers and {cost}.',
      '{Self} swallowed {cost} and kept {workers} workers busy for years.',
      'A crew of {workers} put up {self} at a price of {cost}.',
    ],
    [
      'In the early days whoever crossed {self} paid {toll}.',
      '{Own} first keeper asked {toll} of every traveller.',
      'The toll for {self} was {toll}.',
    ],
    [
      '{Self} had to be strengthened in {repair}.',
      'In {repair} rust and frost forced the owners to repair {self}.',
      'After a storm, {self} was restored in {repair}.',
    ],
  ],
  asides: [
    'A plaque by the eastern ramp remembers {p1}, who jumped from it in {y1}.',
    'The lamps were fitted in {y1} and number {n1}.',
    'Each {w1} a brass band plays in the middle.',
    'A tightrope walker, {p1}, once drew a crowd of {n1} there.',
  ],
  questions: {
    opened: [
      'When was {name} completed?',
      'From which year on could people use {name}?',
      'In what year was {name} opened?',
    ],
    engineer: ['Who designed {name}?', 'Which engineer planned {name}?', 'Whose work is {name}?'],
    material: ['What is {name} made of?', 'Which building material was used for {name}?'],
    span: ['How wide is the gap that {name} crosses?', 'How long is the span of {name}?'],
    cost: ['How much money did {name} cost?', 'What was the price of {name}?'],
    workers: ['How many people worked on {name}?', 'How many hands did it take to build {name}?'],
    toll: ['What did travellers have to give at {name}?', 'What was once charged for crossing {name}?'],
    repair: ['When was {name} repaired?', 'In what year did {name} need new strength?'],
  },
  reverse: {
    engineer: ['Which bridge did {engineer} design?', 'What was built after the plans of {engineer}?'],
    cost: ['Which bridge cost {cost}?'],
  },
};

export const lighthouse: Topic = {
  phrase: 'the lighthouse',
  name: (draw) => `the ${draw.place()} Light`,
  values: {
    lit: (draw) => `${draw.date()} ${draw.year(1780, 1910)}`,
    height: (draw) => `${draw.number(14, 78)} metres`,
    colour: (draw) =>
      draw.pick(
        'red and white,black and yellow,plain white,dark green,orange,blue and white,grey'.split(','),
      ),
    rock: (draw) =>
      draw.pick('a reef,a tidal island,a sandbank,a cliff,an old mole,a bare rock,a narrow spit'.split(',')),
    keeper: (draw) => draw.person(),
    served: (draw) =>
      `${draw.pick('eleven,nineteen,twenty-six,thirty-one,forty-four,fifty-two'.split(','))} years`,
    fuel: (draw) => draw.pick('whale oil,petroleum,coal,rapeseed oil,acetylene,electricity,gas'.split(',')),
    wreck: (draw) => `the ${draw.brand()}`,
    reach: (draw) => `${draw.number(9, 31)} nautical miles`,
  },
  intros: [
    '{Name} was lit for the first time on {lit}.',
    'On {lit} a crowd on the beach saw {name} shine for the first time.',
    'Sailors have steered by {name} since {lit}.',
  ],
  rivals: [
    'The next light along the coast, {name}, dates from {lit}.',
    '{Name}, to the south of {other}, was first lit on {lit}.',
    'Its sister is {name}, in service since {lit}.',
  ],
  statements: [
    [
      '{Self} is {height} high and painted {colour}.',
      'With its {colour} tower of {height}, {self} cannot be mistaken.',
      '{Own} tower rises to {height}; its coat of {colour} is renewed every spring.',
    ],
    [
      '{Self} stands on {rock}.',
      'The builders of {self} had to work on {rock}.',
      'Of all places, {rock} was chosen for {self}.',
    ],
    [
      '{keeper} tended {self} for {served}.',
      '{Self} was kept for {served} by {keeper}.',
      'For {served} nobody but {keeper} climbed the stairs of {self}.',
    ],
    [
      '{Own} first lamp burned {fuel} and was visible for {reach}.',
      '{Self} could be seen from {reach} away, thanks to a lamp fed by {fuel}.',
      'Fed with {fuel}, {self} threw its beam over {reach}.',
    ],
    [
      'Despite the warning beam of {self}, {wreck} ran aground nearby.',
      '{Self} owes its existence to the loss of {wreck}.',
      'The wreck of {wreck} can still be seen from {self}.',
    ],
  ],
  asides: [
    'A fog bell of {n1} kilograms was added in {y1}.',
    'The painter {p1} spent a winter there in {y1}.',
    'Goats were kept there until {y1}, when {p1} bought the last one.',
    'The stairs have {n1} steps.',
  ],
  questions: {
    lit: [
      'On what day did {name} begin its service?',
      'When was {name} first lit?',
      'Since when has {name} guided ships?',
    ],
    height: ['How tall is {name}?', 'What is the height of {name}?'],
    colour: ['Which colour is {name}?', 'How is {name} painted?'],
    rock: ['On what does {name} stand?', 'Where exactly was {name} put up?'],
    keeper: ['Who was the keeper of {name}?', 'Who looked after {name}?'],
    served: [
      'How long did the keeper of {name} serve?',
      'For how many years was {name} in the care of one person?',
    ],
    fuel: ['What did the lamp of {name} run on?', 'Which fuel was used in {name}?'],
    wreck: ['Which ship was lost near {name}?', 'What is the name of the ship that sank by {name}?'],
    reach: ['How far does the light of {name} reach?', 'From what distance can one see {name}?'],
  },
  reverse: {
    keeper: ['Which lighthouse did {keeper} keep?', 'Where did {keeper} work?'],
    wreck: ['Near which lighthouse did {wreck} sink?'],
  },
};
