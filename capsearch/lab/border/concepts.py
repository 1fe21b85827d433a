"""Things to ask for, and the words by which a caption says that a photo shows one.

A word counts as itself and as whatever says the same thing or a kind of it ('puppy' says dog,
'skier' says snow sport but not snow). What captions are silent about proves nothing of a photo
where the thing is only background (sky, trees, shirts): such things are left out.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"[a-z]+")

CONCEPTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "a dog": "dog dogs puppy puppies greyhound greyhounds labrador retriever poodle terrier "
        "collie shepherd dalmatian beagle husky bulldog rottweiler dachshund doberman dogg",
        "a puppy": "puppy puppies",
        "a cat": "cat cats kitten kittens",
        "a horse": "horse horses pony ponies bronco horseback",
        "a bird": "bird birds duck ducks pigeon pigeons seagull seagulls gull goose geese swan "
        "swans parrot eagle hawk heron falcon chicken",
        "a cow": "cow cows bull bulls calf cattle ox oxen",
        "sheep": "sheep lamb lambs",
        "people": "people person persons man men woman women boy boys girl girls child children "
        "kid kids toddler toddlers baby babies infant lady ladies guy guys gentleman male female "
        "males females teenager teenagers teen teens adult adults crowd crowds family families "
        "couple couples friend friends player players skateboarder skateboarders snowboarder "
        "snowboarders skier skiers surfer surfers biker bikers bicyclist bicyclists cyclist "
        "cyclists rider riders climber climbers hiker hikers runner runners swimmer swimmers "
        "kayaker motorcyclist rollerblader performer performers musician musicians singer "
        "dancer dancers cheerleader cheerleaders student students worker workers soldier "
        "soldiers officer officers police bride groom mother father mom dad son daughter "
        "brother brothers sister sisters human humans pedestrian pedestrians audience team "
        "teams band somebody someone individuals individual youth youths youngster athlete "
        "athletes quarterback goalie referee diver jogger jockey cowboy fisherman wakeboarder "
        "boarder tourists tourist spectators parents",
        "a baby": "baby babies infant infants",
        "a child": "child children kid kids toddler toddlers boy boys girl girls baby babies "
        "infant youngster youngsters",
        "a man": "man men guy guys gentleman gentlemen male",
        "a woman": "woman women lady ladies female bride",
        "a crowd of people": "crowd crowds crowded audience spectators",
        "water": "water ocean sea lake river pool stream pond swimming swim swims swimmer wave "
        "waves surf surfing surfer surfs waterfall creek splashing splash splashes fountain "
        "puddle kayak kayaking kayaker rapids wading wades surfboard snorkeling wakeboarder "
        "wakeboarding waterski boat raft rafting underwater tide shallow",
        "the beach": "beach beaches sand shore seashore shoreline coast seaside sandy",
        "the ocean": "ocean sea surf surfing surfer surfs surfboard waves wave seashore tide beach",
        "a lake": "lake lakes pond",
        "a river": "river rivers stream creek rapids",
        "a swimming pool": "pool pools",
        "a waterfall": "waterfall waterfalls",
        "a fountain": "fountain fountains",
        "snow": "snow snowy snowing snowboard snowboarder snowboarders snowboarding snowboards "
        "skier skiers skiing skis ski sled sledding sleds sledge snowball snowman snowmobile ski "
        "snowsuit snowshoes",
        "skiing": "skier skiers skiing skis ski",
        "snowboarding": "snowboard snowboarder snowboarders snowboarding snowboards",
        "a sled": "sled sleds sledding sledge",
        "grass": "grass grassy lawn field meadow pasture",
        "a mountain": "mountain mountains mountaintop mountainside mountainous peak peaks",
        "a cliff": "cliff cliffs climber climbers climbing climbs rock-climbing",
        "rocks": "rock rocks rocky boulder boulders cliff cliffs stones",
        "a forest": "forest woods wooded trees woodland jungle",
        "a city street": "street streets sidewalk city crosswalk road intersection downtown",
        "a car": "car cars vehicle vehicles suv van taxi sedan",
        "a truck": "truck trucks jeep pickup",
        "a bus": "bus buses",
        "a train": "train trains subway locomotive",
        "a boat": "boat boats kayak kayaks kayaking kayaker canoe canoes canoeing raft rafting "
        "rafts sailboat sailboats ship ships rowboat ferry",
        "a kayak": "kayak kayaks kayaking kayaker canoe canoes canoeing",
        "a bicycle": "bicycle bicycles bike bikes biker bikers biking bicyclist bicyclists "
        "cyclist cyclists cycling bmx",
        "a motorcycle": "motorcycle motorcycles motorbike motorbikes motocross dirtbike "
        "motorcyclist motorcyclists",
        "a skateboard": "skateboard skateboards skateboarder skateboarders skateboarding",
        "surfing": "surf surfing surfer surfers surfs surfboard surfboards",
        "a ball": "ball balls football footballs basketball baseball soccer softball volleyball "
        "rugby tennis",
        "soccer": "soccer",
        "a football game": "football quarterback footballs",
        "basketball": "basketball basketballs",
        "baseball": "baseball softball batter umpire",
        "tennis": "tennis racket racquet",
        "hockey": "hockey",
        "a frisbee": "frisbee frisbees disc",
        "swimming": "swim swims swimming swimmer swimmers",
        "rock climbing": "climber climbers climbing climbs climb",
        "fishing": "fishing fisherman fishermen fish",
        "a race": "race races racing racer racers racetrack",
        "a playground": "playground slide slides sliding swing swings jungle monkey",
        "a swing": "swing swings swinging",
        "a slide": "slide slides sliding",
        "a trampoline": "trampoline trampolines",
        "a tent": "tent tents camping campsite",
        "a campfire": "fire campfire bonfire flames",
        "night": "night nighttime dark fireworks evening",
        "a sunset": "sunset sunrise dusk dawn silhouette silhouetted silhouettes",
        "a guitar": "guitar guitars guitarist",
        "a musician": "guitar guitars guitarist musician musicians band drum drums drummer "
        "saxophone violin accordion instrument instruments piano trumpet concert singer",
        "a parade": "parade parades",
        "a costume": "costume costumes costumed",
        "a bridge": "bridge bridges",
        "stairs": "stairs steps staircase stairway",
        "a bench": "bench benches",
        "a couch": "couch couches sofa",
        "a bed": "bed beds",
        "a table": "table tables",
        "food": "food eat eating eats meal cake pizza lunch dinner sandwich icecream picnic "
        "breakfast restaurant",
        "a camera": "camera cameras photographer photographers photographing",
        "a phone": "phone cellphone phones cellphones",
        "sunglasses": "sunglasses shades goggles",
        "a helmet": "helmet helmets",
        "a hat": "hat hats cap caps beanie",
        "an umbrella": "umbrella umbrellas parasol",
        "flowers": "flower flowers",
        "a flag": "flag flags",
        "bubbles": "bubble bubbles",
        "a balloon": "balloon balloons",
        "a kite": "kite kites",
        "a stick": "stick sticks branch",
        "a toy": "toy toys",
        "mud": "mud muddy",
        "ice": "ice icy skating skater hockey",
        "graffiti": "graffiti mural",
        "a wedding": "wedding bride groom brides bridesmaids",
    }.items()
}
"""What is asked -> the words that say it."""

PAIRS: tuple[tuple[str, str], ...] = (
    ("a dog", "snow"), ("a dog", "water"), ("a dog", "the beach"), ("a dog", "a ball"),
    ("a dog", "grass"), ("a dog", "a stick"), ("a child", "water"), ("a child", "snow"),
    ("a child", "a swimming pool"), ("a man", "a bicycle"), ("a man", "a guitar"),
    ("a man", "a mountain"), ("a woman", "the beach"), ("a child", "the beach"),
    ("a man", "a boat"), ("people", "the beach"), ("a woman", "a hat"), ("a man", "a bench"),
    ("a dog", "a frisbee"), ("people", "a city street"), ("a child", "a ball"), ("a man", "snow"),
    ("a woman", "a bicycle"), ("a horse", "people"), ("a woman", "a camera"),
)  # fmt: skip
"""Two things in one photo."""

NOWHERE: tuple[str, ...] = (
    "a submarine", "a giraffe", "an elephant", "a penguin", "a lighthouse", "a windmill",
    "a helicopter", "a rocket launch", "a zebra", "a lion", "a tiger", "a whale", "a shark",
    "a dolphin", "a jellyfish", "a snake", "a crocodile", "a panda", "a koala", "a polar bear",
    "a camel", "a gorilla", "an octopus", "a spider", "a volcano", "a pyramid", "a castle",
    "the Eiffel Tower", "a skyscraper at night", "a microscope", "a telescope", "a washing machine",
    "a refrigerator", "a toaster", "a passport", "a receipt", "a spreadsheet", "a map of Europe",
    "a chess board", "a grand piano", "a harp", "a sewing machine", "a typewriter", "a violin",
    "a printed circuit board", "a nuclear power plant", "a wind turbine", "an oil rig",
    "an aircraft carrier", "a space shuttle", "an astronaut", "the northern lights", "a tornado",
    "a cactus", "a palm tree", "a bonsai tree", "a bunch of bananas", "a pineapple", "sushi",
    "a bowl of ramen", "a lobster", "a hamburger", "a cup of espresso", "a bottle of whisky",
    "a wristwatch", "a diamond ring", "a necktie", "a stethoscope", "an x-ray",
    "an operating room", "a dentist", "a courtroom", "a church altar", "a mosque",
    "a Buddhist temple", "a stained glass window", "a suspension bridge", "an airport terminal",
    "an empty parking garage", "a library full of books", "a laboratory", "a greenhouse",
    "a vineyard", "a rice field", "a coral reef", "a glacier", "an iceberg",
    "a desert with dunes", "a fire engine", "an ambulance", "a tank", "a combine harvester",
    "a bulldozer", "a crane at a building site", "a cruise ship", "a hot air balloon",
    "a parachute", "a chandelier", "a bathtub", "a toilet", "a keyboard",
)  # fmt: skip
"""Things that everyday photos of people, dogs and sport rarely show; asked of a library only
where none of its captions says one of their words."""


def words_of(text: str) -> set[str]:
    """The words of a caption or query, in small letters."""
    return set(_WORD.findall(text.lower()))


def times_said(captions: Sequence[Sequence[str]], words: Sequence[str]) -> npt.NDArray[np.int64]:
    """How many of each photo's captions say one of the words, (n,)."""
    wanted = set(words)
    return np.array(
        [sum(not wanted.isdisjoint(words_of(text)) for text in own) for own in captions]
    )
