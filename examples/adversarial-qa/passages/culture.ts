import { GOODS, JOBS, WEEKDAYS } from './draw.js';
import type { Topic } from './topic.js';

export const museum: Topic = {
  phrase: 'the museum',
  name: (draw) => `the ${draw.place()} ${draw.pick(['Museum', 'Collection', 'Cabinet'])}`,
  values: {
    subject: (draw) =>
      draw.pick(
        'keys,clocks,shipwrecks,puppets,maps,butterflies,typewriters,bells,kites,locks,spectacles,beehives'.split(
          ',',
        ),
      ),
    city: (draw) => draw.place(),
    opened: (draw) => draw.year(1820, 1915),
    founder: (draw) => draw.person(),
    job: (draw) => draw.pick(JOBS),
    house: (draw) =>
      draw.pick(
        'a former prison,an old bakery,a railway station,a convent,a brewery,a mill,a chapel,a bank'.split(
          ',',
        ),
      ),
    pieces: (draw) => draw.number(900, 76000, 100),
    treasure: (draw) =>
      draw.pick(
        'a silver whistle,a globe without oceans,a glass piano,a mechanical duck,a shoe of lead,a burnt diary,a golden ladle,a two-headed coin'.split(
          ',',
        ),
      ),
    closed: (draw) => draw.pick(WEEKDAYS),
    theft: (draw) => draw.year(1950, 2015),
    director: (draw) => draw.person(),
  },
  intros: [
    '{Name} in {city} shows {subject}.',
    'Whoever is interested in {subject} should visit {name} in {city}.',
    'The pride of {city} is {name}, devoted to {subject}.',
  ],
  rivals: [
    'Not to be confused with it is {name} in {city}, which collects {subject}.',
    'For {subject} one has to travel on to {city}, to {name}.',
    'Once a year it lends pieces to {name}, a house for {subject} in {city}.',
  ],
  statements: [
    [
      '{Self} was opened in {opened} by {founder}, {job}.',
      '{founder}, {job}, opened {self} to the public in {opened}.',
      'The idea for {self} came from {founder}, {job}, and in {opened} the doors were opened.',
    ],
    [
      '{Self} is housed in {house}.',
      'One enters {self} through {house}, for that is what the building once was.',
      'Before {self} moved in, its home was {house}.',
    ],
    [
      '{Self} owns {pieces} objects, among them {treasure}.',
      'The star among the {pieces} pieces of {self} is {treasure}.',
      'People come to {self} to see {treasure}; the other {pieces} objects are hardly noticed.',
    ],
    [
      'On {closed} {self} stays closed.',
      '{Self} can be visited every day but {closed}.',
      'Visitors who come on a {closed} find the doors of {self} locked.',
    ],
    [
      'Thieves broke into {self} in {theft}.',
      '{Self} was robbed in {theft}.',
      'In {theft} part of {own} treasures vanished overnight.',
    ],
    [
      '{Self} is directed by {director}.',
      'The director of {self}, {director}, guides visitors in person.',
      'Since last year {director} has been responsible for {self}.',
    ],
  ],
  asides: [
    'The café next door, run by {p1}, is older by far.',
    'A new wing for {n1} visitors was planned in {y1} and never built.',
    'Children pay nothing on {w1}.',
    'In {y1} the king came and stayed for {n1} minutes.',
  ],
  questions: {
    subject: ['What is on display in {name}?', 'What does {name} collect?', 'To what is {name} devoted?'],
    city: ['Where is {name}?', 'In which town can one visit {name}?'],
    opened: ['When did {name} open?', 'Since which year has {name} existed?'],
    founder: ['Who founded {name}?', 'Who was behind the opening of {name}?'],
    job: ['What was the profession of the founder of {name}?', 'How did the founder of {name} earn money?'],
    house: ['In what kind of building is {name}?', 'What was the home of {name} before?'],
    pieces: ['How many objects does {name} have?', 'How large is the collection of {name}?'],
    treasure: ['What is the most famous object in {name}?', 'What do visitors come to see in {name}?'],
    closed: ['On which day is {name} not open?', 'When can {name} not be visited?'],
    theft: ['When was something stolen from {name}?', 'In which year was there a robbery at {name}?'],
    director: ['Who runs {name}?', 'Who is the head of {name}?'],
  },
  reverse: {
    founder: ['What did {founder} open?', 'Which museum goes back to {founder}?'],
    director: ['Of which museum is {director} in charge?'],
    city: ['Which museum is in {city}?'],
  },
};

export const festival: Topic = {
  phrase: 'the festival',
  name: (draw) =>
    `the ${draw.place()} ${draw.pick('Lantern,Apple,Kite,Herring,Candle,Drum,Snow,Goose,Plum'.split(','))} ${draw.pick(['Fair', 'Week', 'Feast'])}`,
  values: {
    begins: (draw) => draw.date(),
    lasts: (draw) =>
      draw.pick(
        'three days,four days,five days,six days,nine days,a single night,ten days,two weeks'.split(','),
      ),
    since: (draw) => draw.year(1480, 1960),
    origin: (draw) =>
      draw.pick(
        'a good harvest,the end of a siege,a royal wedding,the return of the fishing fleet,a miracle,the end of the plague,a lost bet'.split(
          ',',
        ),
      ),
    food: (draw) =>
      draw.pick(
        'fried dough,pickled plums,smoked eel,honey cakes,barley soup,roast chestnuts,goat cheese,onion tarts'.split(
          ',',
        ),
      ),
    visitors: (draw) => draw.number(2000, 90000, 500),
    dress: (draw) =>
      draw.pick(
        'straw hats,blue aprons,wooden masks,paper wings,red scarves,bells on their shoes,feathered cloaks'.split(
          ',',
        ),
      ),
    prize: (draw) =>
      draw.pick(
        'a live goose,a silver spoon,a barrel of cider,a ham,a crown of reeds,a pair of boots,a year of free bread'.split(
          ',',
        ),
      ),
    winner: (draw) => draw.person(),
    patron: (draw) => draw.person(),
    goods: (draw) => draw.pick(GOODS),
  },
  intros: [
    '{Name} begins on {begins} and lasts {lasts}.',
    'For {lasts} from {begins} on, nobody sleeps much: it is the time of {name}.',
    'Every year on {begins} a cannon shot opens {name}, which goes on for {lasts}.',
  ],
  rivals: [
    'Across the valley {name} starts on {begins} and goes on for {lasts}.',
    'Visitors who want more can move on to {name}, held for {lasts} from {begins} on.',
    'Its rival is {name}, which opens on {begins} and takes {lasts}.',
  ],
  statements: [
    [
      '{Self} has been celebrated since {since}, in memory of {origin}.',
      'In {since} {origin} gave rise to {self}.',
      '{Own} history goes back to {since} and to {origin}.',
    ],
    [
      'During {self} everybody eats {food}.',
      'The smell of {food} belongs to {self}.',
      '{Self} would be nothing without its {food}.',
    ],
    [
      '{Self} draws {visitors} guests, many of them wearing {dress}.',
      'The {visitors} visitors of {self} are expected to wear {dress}.',
      'Dressed in {dress}, some {visitors} people came to {self} last time.',
    ],
    [
      '{winner} won the race at {self} and took home {prize}.',
      'The winner of the contest at {self}, {winner}, was given {prize}.',
      'At {self} the first prize, {prize}, went to {winner}.',
    ],
    [
      '{patron} pays for {self}.',
      '{Self} is paid for by {patron}.',
      'Without the money of {patron}, {self} could not be held.',
    ],
    [
      'Traders at {self} sell {goods}.',
      '{Self} is the best place to buy {goods}.',
      'Many a visitor leaves {self} with {goods}.',
    ],
  ],
  asides: [
    'Rain spoiled everything in {y1}.',
    'In {y1} the mayor, {p1}, tried to forbid it.',
    'A song by {p1} is sung on the last evening.',
    'The bonfire uses {n1} logs and is lit by {p1}.',
  ],
  questions: {
    begins: ['On which day does {name} start?', 'When does {name} open?'],
    lasts: ['How long does {name} take?', 'What is the duration of {name}?'],
    since: ['Since when has {name} existed?', 'In which year did {name} take place for the first time?'],
    origin: ['What does {name} commemorate?', 'What was the origin of {name}?', 'Why is {name} celebrated?'],
    food: ['What do people eat at {name}?', 'Which dish is typical of {name}?'],
    visitors: ['How many people attend {name}?', 'How many guests does {name} have?'],
    dress: ['What do visitors of {name} put on?', 'How do people dress for {name}?'],
    prize: ['What can one win at {name}?', 'What was the reward for the winner at {name}?'],
    winner: ['Who won at {name}?', 'Who was the best in the contest of {name}?'],
    patron: ['Who finances {name}?', 'Whose money makes {name} possible?'],
    goods: ['What can be bought at {name}?', 'Which goods are for sale at {name}?'],
  },
  reverse: {
    winner: ['Where did {winner} win?'],
    patron: ['Which festival does {patron} finance?', 'What does {patron} pay for?'],
  },
};

export const orchestra: Topic = {
  phrase: 'the orchestra',
  name: (draw) => `the ${draw.place()} ${draw.pick(['Orchestra', 'Philharmonic', 'Sinfonia'])}`,
  values: {
    founded: (draw) => draw.year(1810, 1915),
    conductor: (draw) => draw.person(),
    former: (draw) => draw.person(),
    players: (draw) => draw.number(24, 140),
    hall: (draw) => `the ${draw.brand()} ${draw.pick(['Hall', 'Theatre', 'House'])}`,
    seats: (draw) => draw.number(400, 3900, 10),
    known: (draw) =>
      draw.pick(
        'playing without scores,its warm strings,very slow tempos,its loud brass,long silences,its open-air concerts,forgotten operas'.split(
          ',',
        ),
      ),
    tour: (draw) => draw.place(),
    toured: (draw) => draw.year(1920, 2015),
    soloist: (draw) => draw.person(),
    instrument: (draw) =>
      draw.pick(
        'the cello,the harp,the flute,the viola,the oboe,the trumpet,the double bass,the clarinet'.split(','),
      ),
  },
  intros: [
    '{Name} was founded in {founded}.',
    'Since {founded} music lovers have been able to hear {name}.',
    'When {name} gave its first concert in {founded}, half the seats were empty.',
  ],
  rivals: [
    'The same audience also hears {name}, founded in {founded}.',
    'Older players still speak of {name}, an orchestra that was formed in {founded}.',
    'It shares its listeners with {name}, which began in {founded}.',
  ],
  statements: [
    [
      '{Self} is conducted by {conductor}, who followed {former}.',
      'After {former} retired, {conductor} took over {self}.',
      '{conductor} leads {self}; the conductor before was {former}.',
    ],
    [
      '{Self} has {players} musicians and is known for {known}.',
      'Critics praise the {players} players of {self} for {known}.',
      'With its {players} members, {self} is admired for {known}.',
    ],
    [
      '{Self} plays in {hall}, before {seats} seats.',
      'The {seats} seats of {hall}, the home of {self}, are sold out for years.',
      '{hall}, where {self} plays, has room for {seats} listeners.',
    ],
    [
      'A tour in {toured} took {self} to {tour}.',
      '{Self} travelled to {tour} in {toured}.',
      'In {toured} {self} was invited to {tour}.',
    ],
    [
      '{soloist}, who plays {instrument}, is the star of {self}.',
      '{Own} best known member is {soloist}, a master of {instrument}.',
      'On {instrument}, {soloist} has made {self} famous.',
    ],
  ],
  asides: [
    'A strike in {y1} lasted {n1} days.',
    'In {y1} the composer {p1} sent a symphony that was never played.',
    'The town of {l1} paid for new instruments in {y1}.',
    'Rehearsals on {w1} are open to all.',
  ],
  questions: {
    founded: ['When was {name} formed?', 'In which year did {name} begin?'],
    conductor: ['Who conducts {name} now?', 'Who stands in front of {name}?'],
    former: ['Who conducted {name} before?', 'Who came before the present conductor of {name}?'],
    players: ['How many people play in {name}?', 'How many members does {name} have?'],
    hall: ['Where can {name} be heard?', 'Which building is the home of {name}?'],
    seats: [
      'How many listeners fit into the home of {name}?',
      'How many seats are there where {name} plays?',
    ],
    known: ['What is {name} famous for?', 'What do critics like about {name}?'],
    tour: ['Where did {name} go on tour?', 'Which place did {name} visit?'],
    toured: ['When did {name} go on tour?', 'In what year did {name} travel?'],
    soloist: ['Who is the star of {name}?', 'Who is the most famous musician of {name}?'],
    instrument: [
      'What does the star of {name} play?',
      'Which instrument is played by the best known musician of {name}?',
    ],
  },
  reverse: {
    conductor: ['Which orchestra is led by {conductor}?'],
    soloist: ['In which orchestra does {soloist} play?'],
    hall: ['Which orchestra plays in {hall}?'],
  },
};
