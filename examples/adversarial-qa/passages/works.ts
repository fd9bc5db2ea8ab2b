import { GOODS, isWoman, JOBS, MATERIALS } from './draw.js';
import type { Topic } from './topic.js';

const TITLE_FIRST = (
  'Glass Silent Burning Last Salt Paper Crooked Hollow Second Winter Copper Borrowed Drowned Yellow Patient Iron Blind ' +
  'Northern Wandering Forgotten Scarlet Invisible Quiet Broken Distant Stolen Velvet Final Hidden Golden'
).split(' ');
const TITLE_SECOND = (
  'Harbour Orchard Staircase Violin Garden Mirror Guest Clockmaker Meadow Letter Lighthouse Kitchen Daughter Map Choir ' +
  'Ferry Tailor Window Voyage Candle Island Doctor Neighbour Carousel Umbrella Compass Baker Promise Tower Parrot'
).split(' ');

export const machine: Topic = {
  phrase: 'the machine',
  name: (draw) => `the ${draw.brand()}`,
  values: {
    purpose: (draw) =>
      draw.pick(
        'peeling potatoes,folding letters,sorting coins,knitting socks,counting sheep,washing bottles,shelling peas,grinding lenses,binding books,slicing bread'.split(
          ',',
        ),
      ),
    inventor: (draw) => draw.person(),
    job: (draw) => draw.pick(JOBS),
    patented: (draw) => draw.year(1790, 1960),
    weight: (draw) => `${draw.number(12, 940)} kilograms`,
    power: (draw) =>
      draw.pick(
        'steam,a treadmill,clockwork,falling water,a hand crank,compressed air,two donkeys,a windmill'.split(
          ',',
        ),
      ),
    maker: (draw) => draw.place(),
    price: (draw) => `${draw.number(15, 890)} crowns`,
    sold: (draw) => draw.number(120, 9800, 10),
    fault: (draw) =>
      draw.pick(
        'overheated,jammed in damp weather,leaked oil,frightened horses,caught fire,made a terrible noise'.split(
          ',',
        ),
      ),
  },
  intros: [
    '{Name} is a machine for {purpose}.',
    'Nobody needs {name} any more, but for {purpose} it was once the best machine there was.',
    'Among the machines built for {purpose}, {name} is the most curious.',
  ],
  rivals: [
    'From the same years comes {name}, meant for {purpose}.',
    'In the same catalogue stood {name}, a device for {purpose}.',
    'Collectors keep it beside {name}, which served for {purpose}.',
  ],
  statements: [
    [
      '{inventor}, {job}, patented {self} in {patented}.',
      '{Self} was invented by {inventor}, {job}, who received the patent in {patented}.',
      'The patent for {self}, granted in {patented}, bears the name of {inventor}, {job}.',
    ],
    [
      '{Self} weighs {weight} and is driven by {power}.',
      'Driven by {power}, {self} brings {weight} to the scales.',
      'It takes {power} to move {own} {weight}.',
    ],
    [
      'A factory in {maker} built {self} and sold it for {price}.',
      '{Self} came from a workshop in {maker} and cost {price}.',
      'For {price} one could order {self} from {maker}.',
    ],
    [
      'In all, {sold} buyers were found for {self}.',
      '{Self} was sold {sold} times.',
      'Records speak of {sold} copies of {self}.',
    ],
    [
      'Customers complained that {self} often {fault}.',
      'It was a weakness of {self} that it {fault}.',
      '{Self} had a bad name because it {fault}.',
    ],
  ],
  asides: [
    'An improved model, shown in {y1}, weighed {n1} kilograms and was a failure.',
    'One example was bought by {p1} in {y1} for a collection.',
    'The factory’s founder, {p1}, had made clocks before.',
    'In {y1} a copy was found in a barn.',
  ],
  questions: {
    purpose: ['What was {name} used for?', 'What is the purpose of {name}?', 'What work did {name} do?'],
    inventor: ['Who invented {name}?', 'Who is the inventor of {name}?', 'Whose idea was {name}?'],
    job: [
      'What was the occupation of the inventor of {name}?',
      'What did the inventor of {name} do for a living?',
    ],
    patented: ['When was {name} patented?', 'In what year was {name} protected by a patent?'],
    weight: ['How heavy is {name}?', 'What does {name} weigh?'],
    power: ['What drives {name}?', 'From where does {name} get its power?'],
    maker: ['Where was {name} manufactured?', 'In which town was {name} made?'],
    price: ['How much did one pay for {name}?', 'What was the price of {name}?'],
    sold: ['How many copies of {name} were sold?', 'How many people bought {name}?'],
    fault: ['What was wrong with {name}?', 'Why were buyers unhappy with {name}?'],
  },
  reverse: {
    inventor: ['What did {inventor} invent?', 'Which machine was the work of {inventor}?'],
    maker: ['Which machine was made in {maker}?'],
  },
};

export const ship: Topic = {
  phrase: 'the ship',
  name: (draw) => `the ${draw.pick(['Star', 'Pride', 'Queen', 'Hope', 'Spirit', 'Lady'])} of ${draw.place()}`,
  values: {
    launched: (draw) => `${draw.date()} ${draw.year(1790, 1930)}`,
    yard: (draw) => draw.place(),
    captain: (draw) => draw.person(),
    cargo: (draw) => draw.pick(GOODS),
    route: (draw) => draw.place(),
    crew: (draw) => draw.number(12, 240),
    end: (draw) =>
      draw.pick(
        'struck an iceberg,burned in port,was sold for scrap,sank in a storm,hit a reef,was caught in the ice'.split(
          ',',
        ),
      ),
    lost: (draw) => draw.year(1931, 1975),
    mascot: (draw) =>
      draw.pick('a parrot,a one-eyed cat,a goat,a tortoise,a monkey,a white hen,a small bear'.split(',')),
  },
  intros: [
    '{Name} was launched on {launched} at {yard}.',
    'On {launched} {name} left the shipyard of {yard}.',
    'The yard at {yard} handed over {name} on {launched}.',
  ],
  rivals: [
    'Her sister ship, {name}, was launched on {launched} at {yard}.',
    'On the same line sailed {name}, built at {yard} and launched on {launched}.',
    'Her only rival was {name}, which the yard at {yard} had finished on {launched}.',
  ],
  statements: [
    [
      '{Self} carried {cargo} to {route}.',
      'The merchants of {route} waited for the {cargo} that {self} brought.',
      '{Self} sailed to {route} twice a year, loaded with {cargo}.',
    ],
    [
      '{Own} captain was {captain}, with a crew of {crew}.',
      '{captain} commanded {self} and its crew of {crew}.',
      'The {crew} sailors of {self} obeyed {captain} without a word.',
    ],
    ['{Self} {end} in {lost}.', 'The end came in {lost}, when {self} {end}.', 'In {lost} {self} {end}.'],
    [
      'On board {self} lived {mascot}.',
      '{Self} never left port without {mascot}, the darling of the crew.',
      'The crew of {self} kept {mascot} for luck.',
    ],
  ],
  asides: [
    'A painting of her by {p1} was finished in {y1}.',
    'Her figurehead was carved by {p1} in {n1} hours.',
    'The ship’s cook, {p1}, later wrote his memoirs.',
    'Passengers paid {n1} crowns for the crossing.',
  ],
  pronouns: () => ['she', 'her'],
  questions: {
    launched: ['On which day was {name} launched?', 'When did {name} first touch the water?'],
    yard: ['Where was {name} built?', 'At which place was {name} launched?'],
    captain: [
      'Who was the captain of {name}?',
      'Under whose command did {name} sail?',
      'Who gave the orders on {name}?',
    ],
    cargo: ['What goods did {name} carry?', 'With what was {name} loaded?'],
    route: ['What was the destination of {name}?', 'Which port did {name} sail to?'],
    crew: ['How many people worked on {name}?', 'How large was the crew of {name}?'],
    end: ['What happened to {name} in the end?', 'How did the story of {name} end?'],
    lost: ['In which year did {name} meet its end?', 'When was {name} lost?'],
    mascot: ['What animal travelled on {name}?', 'What was the mascot of {name}?'],
  },
  reverse: {
    captain: ['Which ship did {captain} command?', 'What was the ship of {captain} called?'],
    route: ['Which ship sailed to {route}?'],
  },
};

export const novel: Topic = {
  phrase: 'the novel',
  name: (draw) => draw.title(TITLE_FIRST, TITLE_SECOND),
  values: {
    author: (draw) => draw.person(),
    published: (draw) => draw.year(1810, 1990),
    hero: (draw) => draw.person(),
    job: (draw) => draw.pick(JOBS),
    setting: (draw) => draw.place(),
    pages: (draw) => draw.number(140, 1180),
    copies: (draw) => draw.number(300, 90000, 100),
    written: (draw) =>
      draw.pick(
        'in prison,on trains,in a hospital bed,during one summer,at a kitchen table,aboard a whaler,in exile'.split(
          ',',
        ),
      ),
    prize: (draw) => `the ${draw.place()} Prize`,
  },
  intros: [
    '{Name} is a novel by {author}, published in {published}.',
    'In {published} {author} surprised the public with the novel {name}.',
    'The novel {name} appeared in {published} and made {author} known overnight.',
  ],
  rivals: [
    'Critics preferred {name}, which {author} had published in {published}.',
    'It is often shelved beside {name}, a novel of {published} by {author}.',
    'A very different book is {name}, written by {author} and printed in {published}.',
  ],
  statements: [
    [
      '{Own} hero is {hero}, {job}.',
      '{Self} tells the life of {hero}, {job}.',
      'Readers of {self} follow {hero}, {job}, through a long winter.',
    ],
    [
      '{Self} is set in {setting}.',
      'The streets of {setting} are described in {self} with great care.',
      'Nearly all of {self} takes place in {setting}.',
    ],
    [
      'With {pages} pages {self} is no light reading, yet {copies} copies had to be printed.',
      '{Self} runs to {pages} pages; the first printing of {copies} copies was gone in a week.',
      'Of {self}, a book of {pages} pages, {copies} copies were printed.',
    ],
    [
      '{Self} was written {written}.',
      'It is said that {self} was composed {written}.',
      'The author wrote {self} {written}.',
    ],
    ['{Self} won {prize}.', 'The jury of {prize} chose {self} without a debate.', '{prize} went to {self}.'],
  ],
  asides: [
    'A film made by {p1} in {y1} changed the ending.',
    'The first translation, by {p1}, left out {n1} pages.',
    'A copy with notes by {p1} was sold in {y1}.',
    'In {y1} a theatre turned it into a play for {n1} actors.',
  ],
  questions: {
    author: ['Who wrote {name}?', 'Who is the author of {name}?', 'By whom is {name}?'],
    published: ['When did {name} appear?', 'In which year was {name} published?'],
    hero: ['Who is the main character of {name}?', 'Whose life is told in {name}?'],
    job: [
      'What is the occupation of the main character in {name}?',
      'What does the hero of {name} do for a living?',
    ],
    setting: ['Where does the story of {name} take place?', 'In which town is {name} set?'],
    pages: ['How long is {name}?', 'How many pages does {name} have?'],
    copies: ['How many copies of {name} were printed?', 'How large was the first printing of {name}?'],
    written: ['Under what circumstances was {name} written?', 'How did {name} come into being?'],
    prize: ['Which award was given to {name}?', 'What did {name} win?'],
  },
  reverse: {
    author: ['Which novel is by {author}?', 'What did {author} write?'],
    hero: ['In which novel does {hero} appear?'],
    prize: ['Which book received {prize}?'],
  },
};

export const person: Topic = {
  phrase: 'the artist',
  pronouns: (name) => (isWoman(name) ? ['she', 'her'] : ['he', 'his']),
  name: (draw) => draw.person(),
  values: {
    born: (draw) => draw.year(1740, 1840),
    birthplace: (draw) => draw.place(),
    parent: (draw) => draw.pick(JOBS),
    teacher: (draw) => draw.person(),
    material: (draw) => draw.pick(MATERIALS),
    fame: (draw) => draw.title(TITLE_FIRST, TITLE_SECOND),
    studio: (draw) =>
      draw.pick(
        'a disused mill,a church tower,a tram depot,a cellar,a greenhouse,a barn,a boathouse'.split(','),
      ),
    spouse: (draw) => draw.person(),
    works: (draw) => draw.number(45, 990),
    home: (draw) => draw.place(),
  },
  intros: [
    'The sculptor {name} was born in {birthplace} in {born}, the child of {parent}.',
    '{Name}, the child of {parent}, came into the world in {born} at {birthplace}.',
    'Born at {birthplace} in {born}, {name} grew up in the house of {parent}.',
  ],
  rivals: [
    'A friend and rival was {name}, born in {birthplace} in {born} as the child of {parent}.',
    'Critics of the day put {name} first, who was born at {birthplace} in {born} to {parent}.',
    '{Name}, born in {born} at {birthplace} to {parent}, was less fortunate.',
  ],
  statements: [
    [
      '{Self} learned the craft from {teacher}.',
      'The first to see the talent of {self} was {teacher}, a strict teacher.',
      '{teacher} took {self} on as a pupil.',
    ],
    [
      '{Self} worked mostly in {material} and became known for {fame}.',
      '{Own} best known piece, {fame}, is cut from {material}.',
      'Of all materials {self} loved {material}; {fame} is the proof.',
    ],
    [
      '{Own} studio was {studio}.',
      'For thirty years {self} used {studio} as a studio.',
      '{Self} turned {studio} into a workshop.',
    ],
    [
      '{Self} married {spouse} and settled in {home}.',
      'After the wedding with {spouse}, {self} moved to {home}.',
      'In {home}, together with {spouse}, {self} found some peace.',
    ],
    [
      '{Self} left {works} works.',
      'A catalogue lists {works} pieces by {self}.',
      'When {self} died, {works} works were counted.',
    ],
  ],
  asides: [
    'A letter to {p1}, found in {y1}, speaks of long illness.',
    'The collector {p1} bought {n1} drawings in {y1}.',
    'In {y1} a street in {l1} was named after another sculptor, {p1}.',
    'The town of {l1} refused a monument in {y1}.',
  ],
  questions: {
    born: ['When was {name} born?', 'What is the birth year of {name}?'],
    birthplace: ['Where was {name} born?', 'What is the birthplace of {name}?'],
    parent: ['What did a parent of {name} do for a living?', 'In what kind of household did {name} grow up?'],
    teacher: ['Who taught {name}?', 'Whose pupil was {name}?'],
    material: ['What material did {name} prefer?', 'With which material did {name} work?'],
    fame: ['What is the most famous work of {name}?', 'For which piece is {name} known?'],
    studio: ['Where did {name} work?', 'What served {name} as a workshop?'],
    spouse: ['To whom was {name} married?', 'Who was the partner of {name}?'],
    works: ['How many works did {name} make?', 'How many pieces by {name} are there?'],
    home: ['Where did {name} live after marrying?', 'In which place did {name} make a home?'],
  },
  reverse: {
    teacher: ['Who was taught by {teacher}?', 'Who was a pupil of {teacher}?'],
    spouse: ['Who was the partner of {spouse}?'],
    birthplace: ['Who was born in {birthplace}?'],
  },
};
