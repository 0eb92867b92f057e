insert into location (reference, folded, name, address, postcode, ward, latitude, longitude, kind, setting, searched)
values (:reference, :folded, :name, :address, :postcode, :ward, :latitude, :longitude, :kind, :setting, :searched)
